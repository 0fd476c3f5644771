import { percentOf } from './confidence.ts'
import { type ChosenBy, type State, shownPage } from './state.ts'
import type { Store } from './store.ts'
import { type Direction, neighbourOf, nextDoubt } from './words.ts'

/** Which word of the page that is shown is looked at. */
export interface Selection {
  /** By a pointer that only passes. */
  hover(word: number | undefined): void
  choose(word: number | undefined, by: ChosenBy): void
  /** To another word from the one that is chosen. */
  go(direction: Direction): void
  /** To the next word that the engine was not sure of. */
  goToDoubt(step: 1 | -1): void
}

interface SelectionOptions {
  readonly store: Store<State>
  /** Tells a word that a key has chosen. */
  readonly say: (text: string) => void
}

export function createSelection({ store, say }: SelectionOptions): Selection {
  const wordsNow = () => shownPage(store.state)?.words ?? []
  const chosenHere = () => {
    const { chosen, current } = store.state
    return chosen?.page === current ? chosen.word : undefined
  }
  const choose = (word: number | undefined, by: ChosenBy) => {
    const place = word === undefined ? undefined : { page: store.state.current, word, by }
    store.update({ chosen: place, hovered: undefined })
  }
  const chooseByKey = (word: number) => {
    choose(word, 'key')
    const chosen = wordsNow()[word]
    if (chosen) say(`${chosen.text}, ${percentOf(chosen.confidence)} percent`)
  }

  return {
    choose,
    hover(word) {
      const { hovered, current } = store.state
      if (hovered?.word === word && hovered?.page === current) return
      store.update({ hovered: word === undefined ? undefined : { page: current, word } })
    },
    go(direction) {
      const next = neighbourOf(wordsNow(), chosenHere(), direction)
      if (next !== undefined) chooseByKey(next)
    },
    goToDoubt(step) {
      const next = nextDoubt(wordsNow(), chosenHere(), step)
      if (next === undefined) say('No word of this page is in doubt.')
      else chooseByKey(next)
    },
  }
}
