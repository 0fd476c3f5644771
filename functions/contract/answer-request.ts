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
  truthSchema,
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

/** What may happen to a result besides the answer, where there is a sink for events. */
export const deliveryTexts = {
  notify: {
    fallback: 'false',
    range: 'true or false',
    meaning: 'the result is sent to the sink as an event, too',
  },
  async: {
    fallback: 'false',
    range: 'true or false',
    meaning:
      'the answer comes at once and tells where the result will be; it is sent to the sink as an event',
  },
} as const satisfies Record<string, OptionText>

export const requestTexts = { ...optionTexts, ...answerTexts, ...deliveryTexts }

const truth = (name: keyof typeof deliveryTexts) =>
  truthSchema(`${name} must be ${deliveryTexts[name].range}.`).meta({
    description: describe(deliveryTexts[name]),
  })

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
    notify: truth('notify'),
    async: truth('async'),
  })
  .partial()

export const requestNames: readonly string[] = Object.keys(requestSchema.shape)

export interface AnswerRequest {
  readonly options: OcrOptions
  /** Undefined when the header `Accept` decides. */
  readonly format: Format | undefined
  readonly detail: Detail
  readonly notify: boolean
  readonly async: boolean
}

/**
 * Reads what a caller asks for.
 * @throws OcrError `invalid_request` for an unknown option or value; the message names the valid ones
 */
export function parseAnswerRequest(input: Readonly<Record<string, unknown>>): AnswerRequest {
  const parsed = parseStrictly(requestSchema, input)
  const { format, detail = defaultDetail, notify = false, async = false, ...options } = parsed
  return { options, format, detail, notify, async }
}
