import { z } from 'zod'
import {
  type Detail,
  defaultDetail,
  defaultFormat,
  details,
  type Format,
  formats,
} from './answer-formats.ts'
import {
  describe,
  type OcrOptions,
  type OptionText,
  optionSchemas,
  optionTexts,
  parseStrictly,
} from './options.ts'

/** What a caller of the gateway may say of the answer, besides the options of the recognition. */
export const answerTexts = {
  format: {
    fallback: `by Accept, or ${defaultFormat}`,
    range: `one of ${formats.join(', ')}`,
    meaning: 'what the answer is; wins over the header Accept',
  },
  detail: {
    fallback: defaultDetail,
    range: `one of ${details.join(', ')}`,
    meaning: 'how much JSON tells of each page: its text, its lines as well, or every word',
  },
} as const satisfies Record<string, OptionText>

export const requestTexts = { ...optionTexts, ...answerTexts }

/** All options of the gateway, as they come in a query, in form fields or in JSON. */
export const requestSchema = z
  .strictObject({
    ...optionSchemas,
    format: z
      .enum(formats, `format must be ${answerTexts.format.range}.`)
      .meta({ description: describe(answerTexts.format) }),
    detail: z
      .enum(details, `detail must be ${answerTexts.detail.range}.`)
      .meta({ description: describe(answerTexts.detail) }),
  })
  .partial()

export const requestNames: readonly string[] = Object.keys(requestSchema.shape)

export interface AnswerRequest {
  readonly options: OcrOptions
  /** Undefined when the header `Accept` decides. */
  readonly format: Format | undefined
  readonly detail: Detail
}

/**
 * Reads what a caller asks for.
 * @throws OcrError `invalid_request` for an unknown option or value; the message names the valid ones
 */
export function parseAnswerRequest(input: Readonly<Record<string, unknown>>): AnswerRequest {
  const { format, detail = defaultDetail, ...options } = parseStrictly(requestSchema, input)
  return { options, format, detail }
}
