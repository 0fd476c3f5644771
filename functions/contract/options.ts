import { z } from 'zod'
import { OcrError } from './errors.ts'

/**
 * Page segmentation modes that read text: 0 and 2 of tesseract's modes only analyze the page.
 */
const pageSegmentationModes = [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]

/** `eng`, `chi_sim`, `script/Latin` or several joined by `+`. */
const languageName = /^[A-Za-z][A-Za-z0-9_]{1,31}(?:\/[A-Za-z]{2,32})?$/
const maxLanguages = 8

const isLanguageList = (value: string): boolean => {
  const names = value.split('+')
  return names.length <= maxLanguages && names.every((name) => languageName.test(name))
}

/** What each option may be, for people. */
export const optionRanges = {
  lang: `up to ${maxLanguages} language names such as "eng" joined by "+"`,
  psm: `one of ${pageSegmentationModes.join(', ')}`,
}

/**
 * What a caller may ask of a recognition. Values may come as strings, because form fields, query
 * strings and gRPC string parameters have nothing else. An option that is left out takes the
 * model's default.
 */
const optionSchemas = {
  lang: z
    .string(`lang must be ${optionRanges.lang}.`)
    .refine(isLanguageList, `lang must be ${optionRanges.lang}.`),
  psm: z.preprocess(
    (value) => (typeof value === 'string' && /^\d{1,2}$/.test(value) ? Number(value) : value),
    z.literal(pageSegmentationModes, `psm must be ${optionRanges.psm}.`),
  ),
}

export const optionNames = Object.keys(optionSchemas)

const optionsSchema = z.strictObject(optionSchemas).partial()

export type OcrOptions = z.infer<typeof optionsSchema>

/**
 * Options out of untrusted input.
 * @throws OcrError `invalid_request` for an unknown option or value; the message names the valid ones
 */
export function parseOptions(input: Readonly<Record<string, unknown>>): OcrOptions {
  const result = optionsSchema.safeParse(input)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const message =
    issue?.code === 'unrecognized_keys'
      ? `Unknown option. The options are ${optionNames.join(', ')}.`
      : issue?.message
  throw new OcrError('invalid_request', message ?? 'The options are not valid.')
}
