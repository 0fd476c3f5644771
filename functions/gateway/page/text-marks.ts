import type { Word } from '../../contract/ocr.ts'
import { type Level, levelOf } from './confidence.ts'
import { createMarks } from './marks.ts'
import type { PageText, Span } from './page-text.ts'
import { markedHere, type State, shownPage, shownText } from './state.ts'
import type { Store } from './store.ts'

/** Keeps the marks on the text of the page that is shown. */
export function mountTextMarks(store: Store<State>, node: Text): void {
  const mark = createMarks()

  store.watch([shownText], (state) => {
    for (const level of ['doubtful', 'uncertain'] satisfies Level[]) {
      const isOfLevel = ({ confidence }: Word) => levelOf(confidence) === level
      mark(node, level, spansWhere(state, isOfLevel))
    }
  })
  store.watch([shownText, ({ threshold }) => threshold], (state) => {
    mark(
      node,
      'hidden-words',
      spansWhere(state, (word) => word.confidence < state.threshold),
    )
  })
  store.watch([shownText, ({ matches }) => matches, ({ match }) => match], (state) => {
    const { matches, match, current } = state
    const shown = matches[match]
    mark(node, 'found', shownText(state) ? matches.filter(({ page }) => page === current) : [])
    mark(node, 'current-match', shown?.page === current ? [shown] : [])
  })
  store.watch([shownText, markedHere], (state) => {
    const span = spanOf(shownText(state), markedHere(state))
    mark(node, 'marked', span ? [span] : [])
  })
}

export const spanOf = (text: PageText | undefined, word: number | undefined): Span | undefined =>
  word === undefined ? undefined : text?.spans[word]

function spansWhere(state: State, isMeant: (word: Word) => boolean): Span[] {
  const words = shownPage(state)?.words ?? []
  const spans = shownText(state)?.spans ?? []
  return spans.filter((_, index) => words[index] !== undefined && isMeant(words[index]))
}
