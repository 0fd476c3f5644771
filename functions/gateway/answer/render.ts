import type { Format } from '../../contract/answer-formats.ts'
import { altoOf } from '../../contract/formats/alto.ts'
import { hocrOf } from '../../contract/formats/hocr.ts'
import { tsvOf } from '../../contract/formats/tsv.ts'
import type { OcrResult } from '../../contract/ocr-tensors.ts'
import { pageInDetail, type Told } from './detail.ts'

/** The body of an answer that is given when the whole document has been read. */
export type Render = (result: OcrResult, told: Told) => string | Uint8Array<ArrayBuffer>

/** How each format is written; the other one is a stream. */
export const renderings: Readonly<Record<Exclude<Format, 'ndjson'>, Render>> = {
  json: ({ document, timings }, told) => {
    const pages = document.pages.map((page) => pageInDetail(page, told))
    return JSON.stringify({ ...document, pages, timings })
  },
  // As a file of lines, which the text within JSON is not.
  text: ({ document }) => `${document.text}\n`,
  hocr: ({ document }) => hocrOf(document),
  tsv: ({ document }) => tsvOf(document),
  alto: ({ document }) => altoOf(document),
  pdf: ({ pdf }) => new Uint8Array(pdf ?? []),
}
