import { answerFormats } from './answer-formats.ts'
import { invalid } from './errors.ts'
import { altoOf } from './formats/alto.ts'
import { hocrOf } from './formats/hocr.ts'
import { tsvOf } from './formats/tsv.ts'
import { totalTimings } from './ocr.ts'
import type { OcrResult } from './ocr-tensors.ts'
import type { InferRequest, InferResponse, TensorHead } from './v2.ts'

const text = (encode: (result: OcrResult) => string) => (results: readonly OcrResult[]) =>
  ({
    datatype: 'BYTES',
    data: results.map(encode),
    // Tells the codecs of other servers' clients that the bytes are text.
    parameters: { content_type: 'str' },
  }) as const

const int32 = (data: readonly number[]) => ({ datatype: 'INT32', data }) as const

/** Every output of the model: what it is for people, and how results become a tensor. */
const outputs = {
  text: {
    meaning: answerFormats.text.meaning,
    encode: text(({ document }) => document.text),
  },
  confidence: {
    meaning: 'mean confidence of the words, 0 to 1',
    encode: (results: readonly OcrResult[]) =>
      ({ datatype: 'FP32', data: results.map(({ document }) => document.confidence) }) as const,
  },
  document: {
    meaning: 'all of it as JSON: pages, blocks, paragraphs, lines and words with their boxes',
    encode: text(({ document }) => JSON.stringify(document)),
  },
  hocr: { meaning: answerFormats.hocr.meaning, encode: text(({ document }) => hocrOf(document)) },
  tsv: {
    meaning: answerFormats.tsv.meaning,
    encode: text(({ document }) => tsvOf(document)),
  },
  alto: { meaning: answerFormats.alto.meaning, encode: text(({ document }) => altoOf(document)) },
  pdf: {
    meaning: answerFormats.pdf.meaning,
    encode: (results: readonly OcrResult[]) =>
      ({ datatype: 'BYTES', data: results.map(({ pdf }) => pdf ?? '') }) as const,
  },
  page_count: {
    meaning: 'pages that the file has; asked for alone, none of them is read',
    encode: (results: readonly OcrResult[]) =>
      int32(results.map(({ document }) => document.pageCount)),
  },
} as const

export type OutputName = keyof typeof outputs
const outputNames = Object.keys(outputs) as OutputName[]

/** For the documentation. */
export const outputMeanings: ReadonlyMap<string, string> = new Map(
  outputNames.map((name) => [name, outputs[name].meaning]),
)

export const outputTensors: readonly TensorHead[] = outputNames.map((name) => ({
  name,
  datatype: outputs[name].encode([]).datatype,
  shape: [-1],
}))

/** A PDF takes time to make, and KServe's client fails on bytes that are no text. */
const defaultOutputs = outputNames.filter((name) => name !== 'pdf')

/**
 * Names of the outputs that a request wants; all but the PDF when it does not say.
 * @throws OcrError `invalid_request` naming the outputs there are
 */
export function wantedOutputs({ outputs }: InferRequest): readonly OutputName[] {
  if (!outputs || outputs.length === 0) return defaultOutputs
  if (new Set(outputs.map(({ name }) => name)).size < outputs.length) {
    invalid('An output is asked for twice.')
  }
  return outputs.map(
    (wanted) =>
      outputNames.find((name) => name === wanted.name) ??
      invalid(`Unknown output. The outputs are ${outputNames.join(', ')}.`),
  )
}

/** Whether a request wants nothing for which a page has to be read. */
export const wantsPageCountOnly = (outputs: readonly OutputName[]): boolean =>
  outputs.every((name) => name === 'page_count')

/** Who answers which request. */
interface Answer {
  readonly modelName: string
  readonly modelVersion: string
  readonly id: string
}

/** The answer to an inference request; each output has shape `[N]`, N being the number of images. */
export function encodeOcrResults(
  results: readonly OcrResult[],
  names: readonly OutputName[],
  answer: Answer,
): InferResponse {
  return {
    ...headOf(answer),
    // Some outputs cannot say that a page is missing.
    parameters: {
      complete: results.every(({ document }) => document.complete),
      ...totalTimings(results.map(({ timings }) => timings)),
    },
    outputs: names.map((name) => ({
      name,
      shape: [results.length],
      ...outputs[name].encode(results),
    })),
  }
}

/** The answer to a request that wants `page_count` alone; it has shape `[N]`, N being the number of files. */
export const encodePageCounts = (counts: readonly number[], answer: Answer): InferResponse => ({
  ...headOf(answer),
  parameters: {},
  outputs: [{ name: 'page_count', shape: [counts.length], ...int32(counts) }],
})

const headOf = ({ modelName, modelVersion, id }: Answer) => ({
  model_name: modelName,
  model_version: modelVersion,
  id,
})
