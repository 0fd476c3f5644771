import { z } from 'zod'
import { errorKinds } from './errors.ts'
import { boxSchema, documentSchema, timingsSchema } from './ocr.ts'

// What the gateway's HTTP API answers.

/** Header that tells, for formats that cannot, whether every page that was asked for has been read: `true` or `false`. */
export const completeHeader = 'ocr-complete'

const pageSchema = documentSchema.shape.pages.element.meta({
  id: 'Page',
  description: 'A page with every word; boxes are in pixels of the upright page.',
})
const blockSchema = pageSchema.shape.blocks.element
const paragraphSchema = blockSchema.shape.paragraphs.element
const lineSchema = z.object({
  box: boxSchema,
  text: z.string(),
  /** Mean over the words of the line. */
  confidence: z.number().min(0).max(1),
})

const linesPageSchema = pageSchema
  .extend({
    blocks: z.array(
      blockSchema.extend({
        paragraphs: z.array(paragraphSchema.extend({ lines: z.array(lineSchema) })),
      }),
    ),
  })
  .meta({ id: 'PageOfLines', description: 'A page with the text of its lines: `detail=lines`.' })
const textPageSchema = pageSchema
  .omit({ blocks: true })
  .meta({ id: 'PageOfText', description: 'A page with its text alone: `detail=text`.' })

const timed = documentSchema.extend({ timings: timingsSchema })

/** The answer in JSON, by the detail that was asked for. */
export const answerSchemas = {
  words: timed.extend({ pages: z.array(pageSchema) }).meta({
    id: 'Document',
    description: 'A document with every word: `detail=words`, the default.',
  }),
  lines: timed.extend({ pages: z.array(linesPageSchema) }).meta({
    id: 'DocumentOfLines',
    description: 'A document with the text of its lines: `detail=lines`.',
  }),
  text: timed.extend({ pages: z.array(textPageSchema) }).meta({
    id: 'DocumentOfText',
    description: 'A document with the text of its pages: `detail=text`.',
  }),
}

/** RFC 9457, with a stable `code`. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    /** What to change. */
    detail: z.string(),
    code: z.enum(errorKinds),
    /** Of the access log; missing when there was no whole request. */
    requestId: z.string().optional(),
  })
  .meta({ id: 'Problem', description: 'Why a request failed, as problem+json (RFC 9457).' })

/** The lines of an answer in NDJSON: a start, the pages in whatever order they were read, and one of the ends. */
export const streamLineSchema = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('start'),
      /** Pages that the file has. */
      pageCount: z.int().positive(),
      /** Numbers of those that will come. */
      pages: z.array(z.int().positive()),
    }),
    z.object({
      type: z.literal('page'),
      /** Pages that have come by now, this one among them. */
      done: z.int().positive(),
      total: z.int().positive(),
      page: z.union([pageSchema, linesPageSchema, textPageSchema]),
    }),
    z.object({
      type: z.literal('end'),
      /** All that is not about one page. */
      document: timed.omit({ pages: true }),
    }),
    z.object({ type: z.literal('error'), problem: problemSchema }),
  ])
  .meta({ id: 'StreamLine', description: 'One line of an answer in NDJSON.' })

export const languagesSchema = z
  .object({
    /** Used when a request names none. */
    default: z.string(),
    engine: z.object({ name: z.string(), version: z.string() }),
    languages: z.array(
      z.object({
        /** As the option `lang` takes it. */
        code: z.string(),
        /** In English; missing where the data says nothing certain. */
        name: z.string().optional(),
        /** Version of the language's data. */
        data: z.string(),
      }),
    ),
  })
  .meta({ id: 'Languages', description: 'The languages that are installed.' })

export type Answers = { [D in keyof typeof answerSchemas]: z.infer<(typeof answerSchemas)[D]> }
export type OcrAnswer = Answers['words']
export type AnswerPage = Answers[keyof Answers]['pages'][number]
export type StreamLine = z.infer<typeof streamLineSchema>
export type Languages = z.infer<typeof languagesSchema>
export type Problem = z.infer<typeof problemSchema>
