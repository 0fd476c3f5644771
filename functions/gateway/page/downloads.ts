import type { Format } from '../../contract/answer-formats.ts'
import type { State } from './state.ts'

export type DownloadFormat = Exclude<Format, 'ndjson'>

interface Download {
  readonly name: string
  readonly extension: string
  /** Whether it is made from what is here; the gateway is asked for the others. */
  readonly isHere: boolean
}

export const downloads = {
  text: { name: 'Plain text', extension: '.txt', isHere: true },
  json: { name: 'JSON with every box', extension: '.json', isHere: true },
  pdf: { name: 'Searchable PDF', extension: '.pdf', isHere: false },
  hocr: { name: 'hOCR', extension: '.hocr', isHere: false },
  tsv: { name: 'TSV', extension: '.tsv', isHere: false },
  alto: { name: 'ALTO XML', extension: '.alto.xml', isHere: false },
} as const satisfies Record<DownloadFormat, Download>

export const downloadFormats = Object.keys(downloads) as DownloadFormat[]

/** A name for the file, next to that of its document. */
export function downloadName(document: string, format: DownloadFormat): string {
  const base = document.replace(/\.[^.]*$/, '') || document
  return `${base}${downloads[format].extension}`
}

/** Pages in their order, with a form feed between them, as the gateway has it. */
export const textOf = ({ pages }: Pick<State, 'pages'>): string =>
  [...pages.values()].map(({ page }) => page.text).join('\f')

/** The document as the API answers it in JSON. */
export function jsonOf({ pages, answer }: Pick<State, 'pages' | 'answer'>): string {
  const { engine, warnings, timings, ...head } = answer ?? {}
  const inOrder = [...pages.values()].map(({ page }) => page)
  return `${JSON.stringify({ ...head, pages: inOrder, engine, warnings, timings }, undefined, 2)}\n`
}
