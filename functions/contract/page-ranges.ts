import { invalid, OcrError } from './errors.ts'

/** Pages from `first` to `last`, both counted from 1; without `last` to the end of the document. */
interface PageRange {
  readonly first: number
  readonly last: number | undefined
}

const maxRanges = 32
/** Of six digits, as in {@link range}. */
export const mostPages = 999_999

export const pageRangesForm = `up to ${maxRanges} pages and ranges such as "1-3,7,10-"`

const range = '\\s*[1-9]\\d{0,5}(?:-(?:[1-9]\\d{0,5})?)?\\s*'
/** What such a list looks like; a range that ends before it begins looks like it, too. */
export const pageRangesPattern = new RegExp(`^${range}(?:,${range}){0,${maxRanges - 1}}$`)

/** Reads a list like `1-3,7,10-`; undefined when it is none. */
export function parsePageRanges(text: string): PageRange[] | undefined {
  const parts = text.split(',')
  if (parts.length > maxRanges) return undefined
  const ranges = parts.map(parseRange)
  return ranges.every((range) => range !== undefined) ? ranges : undefined
}

function parseRange(text: string): PageRange | undefined {
  const match = /^([1-9]\d{0,5})(-([1-9]\d{0,5})?)?$/.exec(text.trim())
  if (!match) return undefined
  const first = Number(match[1])
  const last = match[2] === undefined ? first : match[3] && Number(match[3])
  if (last === '' || last === undefined) return { first, last: undefined }
  return last < first ? undefined : { first, last }
}

/**
 * The numbers of the pages that are asked for, ascending, each once. A range may end beyond the
 * document, but not begin there.
 * @param text as {@link parsePageRanges} takes it; undefined asks for every page
 * @throws OcrError `invalid_request` for a page that is not there; `too_many_pages`
 */
export function selectPages(
  text: string | undefined,
  pageCount: number,
  maxPages: number,
): number[] {
  const ranges = parsePageRanges(text ?? '1-') ?? []
  if (ranges.some(({ first }) => first > pageCount)) {
    invalid(`The option pages asks for a page that is not there; the document has ${pageCount}.`)
  }
  const numbers = new Set<number>()
  for (const { first, last = pageCount } of ranges) {
    for (let number = first; number <= Math.min(last, pageCount); number++) {
      numbers.add(number)
      if (numbers.size > maxPages) throw tooManyPages(pageCount, maxPages)
    }
  }
  return [...numbers].sort((a, b) => a - b)
}

const tooManyPages = (pageCount: number, maxPages: number): OcrError =>
  new OcrError(
    'too_many_pages',
    `More than the ${maxPages} pages allowed are asked for; the document has ${pageCount}. ` +
      `Ask for fewer by the option pages, such as pages=1-${maxPages}.`,
  )
