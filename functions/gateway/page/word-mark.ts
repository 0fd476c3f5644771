import { levelOf, percentOf } from './confidence.ts'
import { byId } from './dom.ts'
import { markedHere, type State, shownPage } from './state.ts'
import type { Store } from './store.ts'
import { type Size, toFrame, type View } from './viewport.ts'

/** The frame around the word that is marked, and its text and confidence beside it. */
export interface WordMark {
  place(view: View, frame: Size): void
}

const gap = 8

/**
 * An element of its own, so that a pointer that goes over words has no boxes drawn.
 * @param onChange called when another word is marked
 */
export function mountWordMark(store: Store<State>, onChange: () => void): WordMark {
  const mark = byId('word-mark', HTMLElement)
  const tip = byId('word-tip', HTMLElement)
  const text = byId('word-tip-text', HTMLElement)
  const confidence = byId('word-tip-confidence', HTMLElement)
  const markedWord = (state: State) => {
    const index = markedHere(state)
    return index === undefined ? undefined : shownPage(state)?.words[index]
  }

  store.watch([markedWord], (state) => {
    const word = markedWord(state)
    tip.hidden = !word
    mark.hidden = !word
    if (!word) return
    text.textContent = word.text
    confidence.textContent = `${percentOf(word.confidence)} % ${levelOf(word.confidence)}`
    onChange()
  })
  return {
    place(view, frame) {
      const word = markedWord(store.state)
      if (!word) return
      const box = toFrame(view, word.box)
      mark.style.transform = `translate(${box.x}px, ${box.y}px)`
      mark.style.width = `${box.width}px`
      mark.style.height = `${box.height}px`
      const { offsetWidth: width, offsetHeight: height } = tip
      const above = box.y - height - gap
      const x = Math.max(gap, Math.min(frame.width - width - gap, box.x))
      const y = above > gap ? above : box.y + box.height + gap
      tip.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`
    },
  }
}
