import type { Page } from '../../contract/ocr.ts'
import { percentOf } from './confidence.ts'
import { type State, shownPage } from './state.ts'
import type { AnswerEnd } from './stream.ts'

/** A fact with what it is of. */
export type Fact = readonly [name: string, value: string]

const plural = (count: number, noun: string): string =>
  `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`

export const durationText = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`

/** Of all pages together, which are read side by side. */
const engineTime = ({ queueMs, decodeMs, recognizeMs, parseMs }: AnswerEnd['timings']): string =>
  [
    `waiting ${durationText(queueMs)}`,
    `decoding ${durationText(decodeMs)}`,
    `recognizing ${durationText(recognizeMs)}`,
    `parsing ${durationText(parseMs)}`,
  ].join(', ')

/** How good a document is, in a line. */
export function qualityText({ answer, tookMs }: Pick<State, 'answer' | 'tookMs'>): string {
  if (!answer) return ''
  const { words, uncertainWords } = answer.quality
  if (words === 0) return `No words · ${durationText(tookMs)}`
  return [
    plural(words, 'word'),
    `${percentOf(answer.confidence)} % sure`,
    uncertainWords === 0 ? 'none uncertain' : `${uncertainWords} uncertain`,
    durationText(tookMs),
  ].join(' · ')
}

/** How far a reading is; for people who do not see it as well. */
export function progressText({ phase, pages, numbers, answer }: State): string {
  const [read, all] = [pages.size, numbers.length]
  if (phase === 'reading') {
    if (all === 0) return 'Reading …'
    return all === 1 ? 'Reading one page …' : `${read} of ${all} pages read`
  }
  if (phase === 'stopped') return all > 1 ? `Cancelled, ${read} of ${all} pages read` : 'Cancelled'
  if (phase === 'failed') return 'Not read'
  if (phase !== 'done') return ''
  return answer?.complete === false ? 'Read, but not every page' : `${plural(all, 'page')} read`
}

/** Everything that is told of a result besides its text. */
export function factsOf({ answer, tookMs, pageCount, numbers }: State): Fact[] {
  if (!answer) return []
  const { engine, quality, timings } = answer
  const versions = Object.entries(engine.data).map(([code, version]) => `${code} ${version}`)
  return [
    ['Pages', numbers.length === pageCount ? `${pageCount}` : `${numbers.length} of ${pageCount}`],
    ['Words', `${quality.words}, of which ${quality.uncertainWords} under 60 %`],
    ['Confidence', `${percentOf(answer.confidence)} % on average`],
    ['Nine of ten words', `at least ${percentOf(quality.lowestDecile)} %`],
    ['Time', durationText(tookMs)],
    ['Work on all pages', engineTime(timings)],
    ['Engine', `${engine.name} ${engine.version}, ${engine.profile}`],
    ['Modes', `psm ${engine.psm}, oem ${engine.oem}`],
    ['Language data', versions.join(', ')],
  ]
}

/** What was done to a page before it was read, such as "deskew 3.9, soften". */
export const preparationText = ({ preprocessing }: Pick<Page, 'preprocessing'>): string =>
  preprocessing
    .map(
      ({ name, value }) => `${name.replaceAll('_', ' ')}${value === undefined ? '' : ` ${value}`}`,
    )
    .join(', ')

/** What stands in place of a text that is not there. */
export function noteOf(state: State): string {
  const page = shownPage(state)?.page
  if (page?.error) return `Page ${page.number} could not be read. ${page.error.message}`
  if (page?.text === '') return 'No text was found on this page.'
  return !page && state.phase === 'reading' ? 'The page is being read …' : ''
}
