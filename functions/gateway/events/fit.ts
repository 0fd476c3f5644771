import { details } from '../../contract/answer-formats.ts'
import type { OcrResult } from '../../contract/ocr-tensors.ts'
import { pageInDetail, type Told } from '../answer/detail.ts'

const fromMost = details.toReversed()

/**
 * A result with as much of what was asked for as fits: without words, then without lines, then without pages and with
 * its text cut off.
 * @param maxBytes most bytes of it; at least as many as all but the text takes
 * @returns JSON
 */
export function fitResult(result: OcrResult, told: Told, maxBytes: number): string {
  const { document, timings } = result
  // Pictures would leave room for nothing else.
  const pagesTold = document.pages.map(({ picture: _, ...page }) => page)
  for (const detail of fromMost.slice(fromMost.indexOf(told.detail))) {
    const pages = pagesTold.map((page) => pageInDetail(page, { ...told, detail }))
    const data = JSON.stringify({ ...document, pages, timings, detail, truncated: false })
    if (Buffer.byteLength(data) <= maxBytes) return data
  }
  const rest = { ...document, pages: [], warnings: [], timings, detail: 'text' }
  const whole = JSON.stringify({ ...rest, truncated: false })
  if (Buffer.byteLength(whole) <= maxBytes) return whole
  const empty = { ...rest, text: '', truncated: true }
  return JSON.stringify({ ...empty, text: cut(document.text, maxBytes - bytesOf(empty)) })
}

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

/** The longest beginning of a text, but not all of it, whose JSON has up to so many bytes besides its quotes. */
function cut(text: string, maxBytes: number): string {
  const fits = (length: number) => bytesOf(text.slice(0, length)) - 2 <= maxBytes
  let [longest, tooLong] = [0, Math.min(text.length, maxBytes + 1)]
  while (tooLong - longest > 1) {
    const middle = (longest + tooLong) >> 1
    if (fits(middle)) longest = middle
    else tooLong = middle
  }
  // Not in the middle of a character of two units.
  return text.slice(0, longest).replace(/[\uD800-\uDBFF]$/, '')
}
