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

/** How far a text may be trusted; of a page or of the whole document. */
const qualitySchema = z.object({
  words: z.int().nonnegative(),
  /** Words with a confidence under {@link uncertainBelow}. */
  uncertainWords: z.int().nonnegative(),
  /** Nine of ten words have at least this confidence; 0 when there are none. */
  lowestDecile: confidenceSchema,
})

export const uncertainBelow = 0.6

/** What tesseract made of a page whose orientation it was asked for. */
const orientationSchema = z.object({
  /** Degrees by which the page was turned clockwise: 0, 90, 180 or 270. */
  rotated: z.int(),
  /** Not a probability: 0 is a guess, and above 15 there is no doubt. */
  confidence: z.number(),
  /** As tesseract names it, such as "Latin" or "Cyrillic". */
  script: z.string(),
  scriptConfidence: z.number(),
})

/** Something that was done to the picture of a page before it was read. */
const stepSchema = z.object({
  name: z.string(),
  /** Degrees clockwise or a factor, where the step has one. */
  value: z.number().optional(),
})

/** Why a page could not be read, in the words of the error table. */
const pageErrorSchema = z.object({ code: z.string(), message: z.string() })

/** A page as it was read: upright, but with no more pixels than a screen has use for. */
const pictureSchema = z.object({
  mediaType: z.string(),
  /** In pixels of the picture, which may be fewer than those of the page. */
  width: z.int().positive(),
  height: z.int().positive(),
  data: z.string().meta({ contentEncoding: 'base64' }),
})

const pageSchema = z.object({
  /** Of the page in its document; counts from 1. */
  number: z.int().positive(),
  /** In pixels, as boxes are; 0 by 0 for a page that could not be opened. */
  width: z.int().nonnegative(),
  height: z.int().nonnegative(),
  /** Pixels per inch, where the file or the caller says so. */
  dpi: z.number().positive().optional(),
  text: z.string(),
  /** Mean over the words of the page; 0 on a page without words. */
  confidence: confidenceSchema,
  quality: qualitySchema,
  /** Page segmentation mode by which the page was read. */
  psm: z.int(),
  orientation: orientationSchema.optional(),
  preprocessing: z.array(stepSchema),
  blocks: z.array(blockSchema),
  /** Where it was asked for. */
  picture: pictureSchema.optional(),
  /** Only on a page that could not be read; it has no blocks then. */
  error: pageErrorSchema.optional(),
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
  oem: z.int(),
  profile: z.string(),
  /** Version of each language's data, as the data itself has it. */
  data: z.record(z.string(), z.string()),
})

/**
 * The whole result of one document. The same bytes, options and engine give the same document to the
 * last byte; times are therefore not part of it.
 */
export const documentSchema = z.object({
  /** Of all pages, with a form feed between them. */
  text: z.string(),
  confidence: confidenceSchema,
  quality: qualitySchema,
  /** Whether every page that was asked for has been read. */
  complete: z.boolean(),
  /** Pages that the file has, however many were asked for. */
  pageCount: z.int().positive(),
  /** Those that were asked for, in the order of the file. */
  pages: z.array(pageSchema),
  engine: engineInfoSchema,
  warnings: z.array(warningSchema),
})

export type Box = z.infer<typeof boxSchema>
export type Word = z.infer<typeof wordSchema>
export type Line = z.infer<typeof lineSchema>
export type Paragraph = z.infer<typeof paragraphSchema>
export type Block = z.infer<typeof blockSchema>
export type Quality = z.infer<typeof qualitySchema>
export type Orientation = z.infer<typeof orientationSchema>
export type Step = z.infer<typeof stepSchema>
export type Picture = z.infer<typeof pictureSchema>
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

/** Of several documents, or parts of one, together, although they were read side by side. */
export function totalTimings(parts: readonly Timings[]): Timings {
  const total = (step: keyof Timings) => {
    const sum = parts.reduce((ms, part) => ms + part[step], 0)
    return Math.round(sum * 10) / 10
  }
  return {
    queueMs: total('queueMs'),
    decodeMs: total('decodeMs'),
    recognizeMs: total('recognizeMs'),
    parseMs: total('parseMs'),
  }
}

/**
 * Plain text as tesseract itself prints it: a line per line, an empty line after each paragraph.
 * Without the newlines at the end.
 * @param gaps gives what stands before a word that is not the first of its line
 */
export function textOf(blocks: readonly Block[], gaps: Gaps = oneSpace): string {
  const paragraphs = blocks.flatMap((block) => block.paragraphs)
  return paragraphs
    .map(({ lines }) => `${lines.map((line) => textOfLine(line, gaps)).join('\n')}\n`)
    .join('\n')
    .trimEnd()
}

/** Without what ends it. */
export const textOfLine = ({ words }: Pick<Line, 'words'>, gaps: Gaps = oneSpace): string =>
  words.map((word, index) => (index === 0 ? '' : gaps(words, index)) + word.text).join('')

type Gaps = (words: readonly Word[], index: number) => string
const oneSpace: Gaps = () => ' '

/** White on both sides of a character that its box leaves out, as a part of its width. */
const bearing = 0.2
const maxSpaces = 200

/** As many spaces as fit between the words, each as wide as a character of theirs; at least one. */
export const spacesByWidth: Gaps = (words, index) => {
  const [before, after] = [words[index - 1], words[index]]
  if (!before || !after) return ' '
  const characters = words.reduce((sum, { text }) => sum + [...text].length - bearing, 0)
  const characterWidth = words.reduce((sum, { box }) => sum + box.width, 0) / characters
  const gap = after.box.x - before.box.x - before.box.width
  const count = Math.round(gap / characterWidth - bearing)
  return ' '.repeat(Math.min(Math.max(1, count), maxSpaces) || 1)
}

/** Mean confidence of the words, to four digits; 0 when there are none. */
export function confidenceOf(words: readonly Pick<Word, 'confidence'>[]): number {
  if (words.length === 0) return 0
  const sum = words.reduce((total, word) => total + word.confidence, 0)
  return Math.round((sum / words.length) * 10_000) / 10_000
}

export function qualityOf(words: readonly Pick<Word, 'confidence'>[]): Quality {
  const ascending = words.map(({ confidence }) => confidence).sort((a, b) => a - b)
  return {
    words: words.length,
    uncertainWords: ascending.filter((confidence) => confidence < uncertainBelow).length,
    lowestDecile: ascending[Math.floor(words.length / 10)] ?? 0,
  }
}

export const wordsOf = (blocks: readonly Block[]): Word[] =>
  blocks.flatMap((block) =>
    block.paragraphs.flatMap((paragraph) => paragraph.lines.flatMap((line) => line.words)),
  )
