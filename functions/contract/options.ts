import { z } from 'zod'
import { invalid, named } from './errors.ts'
import { pageRangesForm, pageRangesPattern, parsePageRanges } from './page-ranges.ts'

/**
 * Page segmentation modes that read text: 0 and 2 of tesseract's modes only analyze the page.
 */
const pageSegmentationModes = [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]
const engineModes = [0, 1, 2, 3]

/** `eng`, `chi_sim` or `script/Latin`. */
const languageName = '[A-Za-z][A-Za-z0-9_]{1,31}(?:/[A-Za-z]{2,32})?'
const maxLanguages = 8
const languageList = new RegExp(`^${languageName}(?:\\+${languageName}){0,${maxLanguages - 1}}$`)

/** Characters of a value, beyond what any option takes; it is refused before a pattern looks at it. */
const maxValueLength = 1024

/** In a query a plus sign stands for a space. */
const withPlus = (value: unknown): unknown =>
  typeof value === 'string' ? value.replaceAll(' ', '+') : value

const [minDpi, maxDpi] = [70, 1200]

/** As UTF-8; tesseract drops without a word what is beyond (tesseract.cpp, `SetVariablesFromCLArgs`). */
const maxCharacterBytes = 254
/** Control characters, and halves of surrogate pairs. */
const noCharacter = /\p{C}/u

/** Of the options whose default is the same everywhere. */
export const optionDefaults = {
  profile: 'fast',
  /** Fully automatic page segmentation, tesseract's own default. */
  psm: 3,
  /** Whichever engine the language data is for. */
  oem: 3,
  rotate: 'none',
} as const

/** One option as it is told to people. */
export interface OptionText {
  /** What happens without it. */
  readonly fallback: string
  /** What it may be. */
  readonly range: string
  readonly meaning: string
}

/** Every option once: the schema, the metadata of the model and the documents come from here. */
export const optionTexts = {
  lang: {
    fallback: 'eng, or the OCR_LANG of the model',
    range: `up to ${maxLanguages} language names such as "eng" joined by "+"`,
    meaning: 'languages of the text; if one is not installed, the error lists those that are',
  },
  profile: {
    fallback: optionDefaults.profile,
    range: 'fast or best',
    meaning:
      '`fast` reads as tesseract does; `best` takes up to three times as long for fewer errors, and may turn a page; with psm 7 to 13 it is as `fast`',
  },
  psm: {
    fallback: String(optionDefaults.psm),
    range: `one of ${pageSegmentationModes.join(', ')}`,
    meaning: 'page segmentation mode of tesseract',
  },
  oem: {
    fallback: String(optionDefaults.oem),
    range: `one of ${engineModes.join(', ')}`,
    meaning: 'engine mode of tesseract; 0 and 2 need language data with the legacy engine',
  },
  dpi: {
    fallback: 'of the image, or 300',
    range: `a whole number from ${minDpi} to ${maxDpi}`,
    meaning:
      'pixels per inch: of an image, in place of what it says; at which pages of a PDF are drawn',
  },
  pages: {
    fallback: 'every page',
    range: pageRangesForm,
    meaning:
      'pages of the document to read, counted from 1, in its order; a range may end beyond the document, but not begin there',
  },
  rotate: {
    fallback: optionDefaults.rotate,
    range: 'none or auto',
    meaning:
      '`auto` turns each page upright by its text; `orientation` of the page tells by how many degrees clockwise (`rotated`), and the script',
  },
  preserve_interword_spaces: {
    fallback: 'false',
    range: 'true or false',
    meaning: 'gaps between words become as many spaces in the text as they are wide',
  },
  pictures: {
    fallback: 'false',
    range: 'true or false',
    meaning:
      'each page holds its picture, upright as its boxes are, as JPEG in base64; only in JSON and NDJSON, and never in an event',
  },
  allowlist: {
    fallback: 'all',
    range: `1 to ${maxCharacterBytes} bytes of UTF-8`,
    meaning: 'the only characters that may be read',
  },
  denylist: {
    fallback: 'none',
    range: `1 to ${maxCharacterBytes} bytes of UTF-8`,
    meaning: 'characters that are never read',
  },
} as const satisfies Record<string, OptionText>

type OptionName = keyof typeof optionTexts
export const optionNames: readonly string[] = Object.keys(optionTexts)

/** What an option is, for the API's description. */
export const describe = ({ meaning, range, fallback }: OptionText): string =>
  `${meaning[0]?.toUpperCase()}${meaning.slice(1)}. It may be ${range}. Default: ${fallback}.`

const described = <T extends z.ZodType>(name: OptionName, schema: T): T =>
  schema.meta({ description: describe(optionTexts[name]) })

/** One of several numbers, all of which are said for the description, which has the first of them otherwise. */
const oneOf = (name: OptionName, numbers: readonly number[]) =>
  z
    .preprocess(wholeNumber, z.literal(numbers, problem(name)))
    .meta({ description: describe(optionTexts[name]), type: 'integer', enum: [...numbers] })

const problem = (name: OptionName): string => `${name} must be ${optionTexts[name].range}.`

const characters = (name: OptionName) =>
  z
    .string(problem(name))
    .min(1, problem(name))
    .max(maxCharacterBytes, problem(name))
    .refine((value) => utf8Length(value) <= maxCharacterBytes, problem(name))
    .refine((value) => !noCharacter.test(value), problem(name))

const utf8 = new TextEncoder()
const utf8Length = (text: string): number => utf8.encode(text).length

const wholeNumber = (value: unknown): unknown =>
  typeof value === 'string' && /^\d{1,4}$/.test(value) ? Number(value) : value

const truths: Readonly<Record<string, boolean>> = { true: true, false: false, 1: true, 0: false }
const truth = (value: unknown): unknown =>
  typeof value === 'string' && Object.hasOwn(truths, value) ? truths[value] : value

/** @param problem what is said of any other value */
export const truthSchema = (problem: string) => z.preprocess(truth, z.boolean(problem))

/**
 * What a caller may ask of a recognition. Values may come as strings, because form fields, query
 * strings and gRPC string parameters have nothing else. An option that is left out takes the
 * model's default.
 */
export const optionSchemas = {
  lang: described(
    'lang',
    z.preprocess(withPlus, z.string(problem('lang')).regex(languageList, problem('lang'))),
  ),
  profile: described('profile', z.enum(['fast', 'best'], problem('profile'))),
  psm: oneOf('psm', pageSegmentationModes),
  oem: oneOf('oem', engineModes),
  dpi: described(
    'dpi',
    z.preprocess(
      wholeNumber,
      z.int(problem('dpi')).min(minDpi, problem('dpi')).max(maxDpi, problem('dpi')),
    ),
  ),
  pages: described(
    'pages',
    z.preprocess(
      (value) => (typeof value === 'number' ? String(value) : value),
      z
        .string(problem('pages'))
        .regex(pageRangesPattern, problem('pages'))
        .refine((value) => parsePageRanges(value) !== undefined, problem('pages')),
    ),
  ),
  rotate: described('rotate', z.enum(['none', 'auto'], problem('rotate'))),
  preserve_interword_spaces: described(
    'preserve_interword_spaces',
    truthSchema(problem('preserve_interword_spaces')),
  ),
  pictures: described('pictures', truthSchema(problem('pictures'))),
  allowlist: described('allowlist', characters('allowlist')),
  denylist: described('denylist', characters('denylist')),
} satisfies Record<OptionName, z.ZodType>

const optionsSchema = z.strictObject(optionSchemas).partial()

export type OcrOptions = z.infer<typeof optionsSchema>

/**
 * Options out of untrusted input.
 * @throws OcrError `invalid_request` for an unknown option or value; the message names the valid ones
 */
export const parseOptions = (input: Readonly<Record<string, unknown>>): OcrOptions =>
  parseStrictly(optionsSchema, input)

/**
 * Values by name, with the schema's own words for what is wrong.
 * @throws OcrError `invalid_request`
 */
export function parseStrictly<T extends z.ZodRawShape>(
  schema: z.ZodObject<T, z.core.$strict>,
  input: Readonly<Record<string, unknown>>,
): z.infer<typeof schema> {
  for (const [name, value] of Object.entries(input)) {
    if (typeof value === 'string' && value.length > maxValueLength) {
      invalid(`The option${named(name)} has more than ${maxValueLength} characters.`)
    }
  }
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const message =
    issue?.code === 'unrecognized_keys'
      ? `Unknown option${named(issue.keys[0])}. The options are ${Object.keys(schema.shape).join(', ')}.`
      : issue?.message
  invalid(message ?? 'The options are not valid.')
}
