import type { Span } from './page-text.ts'

/** Of one page; who searches for "e" wants no more. */
export const maxMatches = 5_000

/** Where a text has what is searched, whatever its case and its white space. */
export function findAll(text: string, query: string, limit = maxMatches): Span[] {
  const words = query.trim().split(/\s+/).filter(Boolean)
  if (words.length === 0) return []
  const pattern = new RegExp(words.map(escaped).join('\\s+'), 'giu')
  const matches: Span[] = []
  for (const { index, 0: found } of text.matchAll(pattern)) {
    matches.push({ start: index, end: index + found.length })
    if (matches.length === limit) break
  }
  return matches
}

const escaped = (text: string): string => text.replace(/[\^$\\.*+?()[\]{}|/]/g, '\\$&')

/** A match on one of the pages. */
export interface Match extends Span {
  readonly page: number
}

/** Of all pages, in their order. */
export const findInPages = (
  pages: ReadonlyArray<{ readonly number: number; readonly text: string }>,
  query: string,
): Match[] =>
  pages.flatMap(({ number, text }) =>
    findAll(text, query).map((span) => ({ page: number, ...span })),
  )

/** The match to begin with: the first on the page that is shown or behind it. */
export function firstMatch(matches: readonly Match[], page: number): number {
  const index = matches.findIndex((match) => match.page >= page)
  return Math.max(0, index)
}

/** The match after or before one, around the end. */
export const stepMatch = (index: number, count: number, step: 1 | -1): number =>
  count === 0 ? 0 : (index + step + count) % count

/** Which match is shown, of how many. */
export function countText({ query, matches, match }: Searched): string {
  if (query.trim() === '') return ''
  return matches.length === 0 ? 'none' : `${match + 1} of ${matches.length}`
}

interface Searched {
  readonly query: string
  readonly matches: readonly Match[]
  readonly match: number
}
