import { invalid, tooLarge } from './errors.ts'

const [lineFeed, equals] = ['\n', '=']

/** No encoder makes lines as short as this. */
const shortestLine = 4

/**
 * The bytes, or undefined. Strict but for line breaks, unlike Buffer.from, which skips over whatever is not base64.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  const breaks = countBreaks(text)
  if (breaks.count * shortestLine > text.length + shortestLine) return undefined
  const bytes = Buffer.from(text, 'base64')
  const digits = text.length - breaks.length - paddingOf(text)
  const isWhole = digits % 4 !== 1 && bytes.length === Math.floor((digits * 3) / 4)
  return isWhole ? bytes : undefined
}

/** Counted and not taken out, which would copy a long text and hold everybody up. */
function countBreaks(text: string): { count: number; length: number } {
  let [count, length] = [0, 0]
  for (let at = text.indexOf(lineFeed); at !== -1; at = text.indexOf(lineFeed, at + 1)) {
    count++
    length += text[at - 1] === '\r' ? 2 : 1
  }
  return { count, length }
}

/** Padding at the end, before which there may be line breaks as well. */
function paddingOf(text: string): number {
  const end = text.slice(-64).replaceAll(/[\r\n]/g, '')
  return end.endsWith(equals + equals) ? 2 : end.endsWith(equals) ? 1 : 0
}

/** Room for what stands beside a file in JSON. */
const besideBytes = 64 * 1024

/** Most bytes of a JSON that holds a file of up to so many as base64. */
export const maxJsonBytes = (maxFileBytes: number): number =>
  Math.ceil((maxFileBytes * 4) / 3) + besideBytes

/**
 * The file in the member "file" of a JSON.
 * @throws OcrError `invalid_request` for what is no base64, `payload_too_large`
 */
export function fileInJson(base64: unknown, maxFileBytes: number): Uint8Array {
  const file = typeof base64 === 'string' ? decodeBase64(base64) : undefined
  if (!file) invalid('"file" is not valid base64.')
  if (file.length > maxFileBytes) throw tooLarge(maxFileBytes)
  return file
}
