import type { Languages } from '../../contract/answers.ts'
import type { Page, Word } from '../../contract/ocr.ts'
import type { Failure } from './errors.ts'
import { defaultOptions, type Options } from './options.ts'
import { type Arrangement, layoutText, type PageText, readingText } from './page-text.ts'
import { type Picture, pictureOf } from './picture.ts'
import type { Match } from './search.ts'
import type { Source } from './source.ts'
import type { AnswerEnd } from './stream.ts'
import { wordsOfPage } from './words.ts'

/** A page that has been read, with what is shown of it. */
export interface ReadPage {
  readonly page: Omit<Page, 'picture'>
  readonly words: readonly Word[]
  readonly texts: Readonly<Record<Arrangement, PageText>>
  readonly picture: Picture | undefined
}

/** A word of a document. */
export interface Place {
  readonly page: number
  readonly word: number
}

/** Who has chosen a word: the other side follows then, and only a key has it read out. */
export type ChosenBy = 'picture' | 'text' | 'key'

export type Phase = 'empty' | 'reading' | 'done' | 'stopped' | 'failed'

export interface State {
  readonly phase: Phase
  readonly source: Source | undefined
  /** The options of what is shown. */
  readonly asked: Options
  /** Pages of the file; 0 until it is told. */
  readonly pageCount: number
  /** Numbers of the pages that were asked for. */
  readonly numbers: readonly number[]
  readonly pages: ReadonlyMap<number, ReadPage>
  readonly answer: AnswerEnd | undefined
  readonly failure: Failure | undefined
  /** The file itself, where the browser can show it. */
  readonly preview: Picture | undefined
  /** Milliseconds from the request to its end. */
  readonly tookMs: number

  readonly options: Options
  readonly languages: Languages | undefined
  /** Kept here alone, and so forgotten with the page. */
  readonly key: string

  /** Number of the page that is shown. */
  readonly current: number
  readonly hovered: Place | undefined
  readonly chosen: (Place & { readonly by: ChosenBy }) | undefined
  /** Words under this confidence are hidden. */
  readonly threshold: number
  readonly hasBoxes: boolean
  readonly arrangement: Arrangement
  readonly query: string
  /** Where the pages have what is searched, in the arrangement that is shown. */
  readonly matches: readonly Match[]
  /** Index of the one that is shown. */
  readonly match: number
}

const noDocument = {
  phase: 'empty',
  source: undefined,
  asked: defaultOptions,
  pageCount: 0,
  numbers: [],
  pages: new Map(),
  answer: undefined,
  failure: undefined,
  tookMs: 0,
  current: 1,
  hovered: undefined,
  chosen: undefined,
  matches: [],
  match: 0,
} as const satisfies Partial<State>

export const initialState: State = {
  ...noDocument,
  options: defaultOptions,
  languages: undefined,
  key: '',
  threshold: 0,
  hasBoxes: true,
  arrangement: 'reading',
  query: '',
  preview: undefined,
}

/** Without a document, as at first. */
export const emptied = (): Partial<State> => ({ ...noDocument, query: '' })

export const started = (source: Source, asked: Options): Partial<State> => ({
  ...noDocument,
  phase: 'reading',
  source,
  asked,
})

/** With a page more, at its place among the others. */
export function withPage(
  pages: State['pages'],
  { picture, ...page }: Page,
): ReadonlyMap<number, ReadPage> {
  const read = {
    page,
    words: wordsOfPage(page),
    texts: { reading: readingText(page), layout: layoutText(page) },
    picture: picture && pictureOf(picture),
  }
  return new Map([...pages, [page.number, read] as const].sort(([a], [b]) => a - b))
}

export const shownPage = ({ pages, current }: State): ReadPage | undefined => pages.get(current)

export const shownText = (state: State): PageText | undefined =>
  shownPage(state)?.texts[state.arrangement]

/** Index of the word to be marked on the page that is shown. */
export const markedHere = (state: State): number | undefined => {
  const place = markedWord(state)
  return place?.page === state.current ? place.word : undefined
}

/** What is to be shown of a word: where the pointer is goes first. */
export const markedWord = ({ hovered, chosen }: State): Place | undefined => hovered ?? chosen
