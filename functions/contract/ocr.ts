import { z } from 'zod'

/** Pixels of the upright page; the origin is its top left corner. */
export const boxSchema = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().nonnegative(),
  height: z.int().nonnegative(),
})

/** 0 (guessed) to 1 (certain). */
const confidenceSchema = z.number().min(0).max(1)

const wordSchema = z.object({ text: z.string(), confidence: confidenceSchema, box: boxSchema })
const lineSchema = z.object({ box: boxSchema, words: z.array(wordSchema) })
const paragraphSchema = z.object({ box: boxSchema, lines: z.array(lineSchema) })
const blockSchema = z.object({ box: boxSchema, paragraphs: z.array(paragraphSchema) })

const pageSchema = z.object({
  /** Counts from 1. */
  number: z.int().positive(),
  width: z.int().positive(),
  height: z.int().positive(),
  text: z.string(),
  /** Mean over the words of the page; 0 on a page without words. */
  confidence: confidenceSchema,
  blocks: z.array(blockSchema),
})

/** Something the caller may want to know about a result that is good all the same. */
const warningSchema = z.object({
  /** Stable; a newer model may send codes that an older gateway does not know. */
  code: z.string(),
  message: z.string(),
  page: z.int().positive(),
})

const engineInfoSchema = z.object({
  name: z.string(),
  version: z.string(),
  lang: z.string(),
  psm: z.int(),
})

/**
 * The whole result of one document. The same bytes, options and engine give the same document to the
 * last byte; times are therefore not part of it.
 */
export const documentSchema = z.object({
  text: z.string(),
  confidence: confidenceSchema,
  pages: z.array(pageSchema),
  engine: engineInfoSchema,
  warnings: z.array(warningSchema),
})

export type Box = z.infer<typeof boxSchema>
export type Word = z.infer<typeof wordSchema>
export type Line = z.infer<typeof lineSchema>
export type Paragraph = z.infer<typeof paragraphSchema>
export type Block = z.infer<typeof blockSchema>
export type Page = z.infer<typeof pageSchema>
export type Warning = z.infer<typeof warningSchema>
export type EngineInfo = z.infer<typeof engineInfoSchema>
export type OcrDocument = z.infer<typeof documentSchema>

/** Where the time of one recognition went, in milliseconds. */
export const timingsSchema = z.object({
  queueMs: z.number(),
  decodeMs: z.number(),
  recognizeMs: z.number(),
  parseMs: z.number(),
})

export type Timings = z.infer<typeof timingsSchema>

/**
 * Plain text as tesseract itself prints it: a line per line, an empty line after each paragraph.
 * Without the newlines at the end.
 */
export function textOf(blocks: readonly Block[]): string {
  const paragraphs = blocks.flatMap((block) => block.paragraphs)
  return paragraphs
    .map(({ lines }) => lines.map(({ words }) => words.map((word) => word.text).join(' ')))
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n')
    .trimEnd()
}

/** Mean confidence of the words, to four digits; 0 when there are none. */
export function confidenceOf(words: readonly Pick<Word, 'confidence'>[]): number {
  if (words.length === 0) return 0
  const sum = words.reduce((total, word) => total + word.confidence, 0)
  return Math.round((sum / words.length) * 10_000) / 10_000
}

export const wordsOf = (blocks: readonly Block[]): Word[] =>
  blocks.flatMap((block) =>
    block.paragraphs.flatMap((paragraph) => paragraph.lines.flatMap((line) => line.words)),
  )
