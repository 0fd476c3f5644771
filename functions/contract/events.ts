import { z } from 'zod'
import { requestSchema } from './answer-request.ts'
import { answerSchemas, problemSchema } from './answers.ts'

// The events of the gateway (CloudEvents 1.0): a document comes in, what was read of it goes out.

export const eventTypes = {
  /** Unless a setting says otherwise. */
  submitted: 'dev.ocr.document.submitted',
  recognized: 'dev.ocr.document.recognized',
  failed: 'dev.ocr.document.failed',
} as const

/** Options of an event are attributes with this before their names, whose underscores are left out. */
export const optionPrefix = 'ocr'

const optionsSchema = requestSchema.omit({ format: true, notify: true, async: true })

/** The attribute that asks for an option. */
export const attributeOf = (option: string): string =>
  `${optionPrefix}${option.replaceAll('_', '')}`

/** Options that an event may ask for, by the names of their attributes. */
export const optionAttributes: ReadonlyMap<string, string> = new Map(
  Object.keys(optionsSchema.shape).map((option) => [attributeOf(option), option]),
)

/** The data of a submitted event that is JSON; otherwise the data is the document itself. */
export const submittedDataSchema = z
  .union([
    optionsSchema.extend({
      dataref: z.string().meta({ description: 'URL from which the document is to be fetched.' }),
    }),
    optionsSchema.extend({ file: z.string().meta({ contentEncoding: 'base64' }) }),
  ])
  .meta({
    id: 'SubmittedData',
    description: 'A document by its URL or as base64, and how it is to be read.',
  })

/** Whether the text was cut off, because even without pages and warnings it is too long for an event. */
const truncated = z.boolean()

/** The data of a recognized event: the answer of the API, as much of it as an event may hold. */
export const recognizedDataSchema = z
  .discriminatedUnion('detail', [
    answerSchemas.words.extend({ detail: z.literal('words'), truncated }),
    answerSchemas.lines.extend({ detail: z.literal('lines'), truncated }),
    answerSchemas.text.extend({ detail: z.literal('text'), truncated }),
  ])
  .meta({
    id: 'RecognizedData',
    description:
      'What was read of a document. Where the event would be too large, `detail` is less than was asked for, and then `pages` and `warnings` are empty; last of all the text is cut off.',
  })

/** Attributes of CloudEvents 1.0; others, which are extensions, may stand beside them. */
const attributes = {
  specversion: z.literal('1.0'),
  /** Together with the source it tells an event from every other one. */
  id: z.string().min(1),
  source: z.string().min(1).meta({ format: 'uri-reference' }),
  subject: z.string().min(1).optional(),
  time: z.string().meta({ format: 'date-time' }).optional(),
}
const json = z.literal('application/json')

/** Events in structured mode; in binary mode the attributes are headers, and the data is the body. */
export const eventSchemas = {
  submitted: z
    .looseObject({
      ...attributes,
      // An attribute that is null is one that is not there (JSON format, 2.2).
      subject: attributes.subject.nullable(),
      time: attributes.time.nullable(),
      type: z.string().min(1).meta({ default: eventTypes.submitted }),
      datacontenttype: z.string().nullish(),
      data: submittedDataSchema.nullish(),
      data_base64: z
        .string()
        .meta({ contentEncoding: 'base64', description: 'The document itself.' })
        .nullish(),
      dataref: z
        .string()
        .meta({ description: 'URL of the document, where the event does not hold it.' })
        .nullish(),
    })
    .meta({
      id: 'SubmittedEvent',
      description: `A document that is to be read. Options are extensions such as \`${attributeOf('lang')}\`, or stand in the data.`,
    }),
  recognized: z
    .looseObject({
      ...attributes,
      type: z.literal(eventTypes.recognized),
      datacontenttype: json,
      data: recognizedDataSchema,
    })
    .meta({ id: 'RecognizedEvent', description: 'What was read of a document.' }),
  failed: z
    .looseObject({
      ...attributes,
      type: z.literal(eventTypes.failed),
      datacontenttype: json,
      data: problemSchema,
    })
    .meta({ id: 'FailedEvent', description: 'Why a document cannot be read.' }),
}

export type RecognizedData = z.infer<typeof recognizedDataSchema>
