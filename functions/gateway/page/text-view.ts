import { button, byId, setPressed } from './dom.ts'
import { noteOf } from './facts.ts'
import { markedHere, type State, shownText } from './state.ts'
import type { Store } from './store.ts'
import { mountTextMarks, spanOf } from './text-marks.ts'
import { characterAt, scrollToSpan } from './text-places.ts'

interface TextViewOptions {
  readonly store: Store<State>
  /** A word of the page that is shown. */
  onHover(word: number | undefined): void
  onChoose(word: number): void
}

/** A pointer that sweeps over the picture does not have the text jump. */
const followMs = 160

/** The text of the page that is shown: one node, whatever the number of its words. */
export function mountTextView({ store, onHover, onChoose }: TextViewOptions): void {
  const frame = byId('text', HTMLElement)
  const body = byId('text-body', HTMLElement)
  const node = document.createTextNode('')
  body.append(node)
  // To be scrolled and gone through by keys.
  frame.tabIndex = 0

  const wordUnder = ({ clientX: x, clientY: y }: MouseEvent): number | undefined => {
    const offset = characterAt(node, { x, y })
    if (offset === undefined) return undefined
    const spans = shownText(store.state)?.spans ?? []
    const word = spans.findIndex(({ start, end }) => start <= offset && offset < end)
    return word === -1 ? undefined : word
  }
  body.addEventListener('pointermove', (event) => {
    if (event.pointerType !== 'touch') onHover(wordUnder(event))
  })
  body.addEventListener('pointerleave', () => onHover(undefined))
  body.addEventListener('click', (event) => {
    const word = wordUnder(event)
    // A drag selects text.
    if (word !== undefined && getSelection()?.isCollapsed !== false) onChoose(word)
  })

  showTexts(store, frame, body, node)
  mountTextMarks(store, node)
  followMarks(store, frame, node)
}

function showTexts(store: Store<State>, frame: HTMLElement, body: HTMLElement, node: Text): void {
  const note = byId('text-note', HTMLElement)
  store.watch([shownText], (state) => {
    node.data = shownText(state)?.text ?? ''
    const columns = node.data.split('\n').reduce((most, { length }) => Math.max(most, length), 1)
    body.style.setProperty('--columns', String(columns))
    frame.scrollTo(0, 0)
  })
  store.watch([noteOf], (state) => {
    note.textContent = noteOf(state)
    note.hidden = noteOf(state) === ''
  })
  store.watch([({ arrangement }) => arrangement], ({ arrangement }) => {
    body.classList.toggle('is-layout', arrangement === 'layout')
    setPressed(button('as-reading'), arrangement === 'reading')
    setPressed(button('as-layout'), arrangement === 'layout')
  })
  store.watch([({ current }) => current], ({ current }) => {
    frame.setAttribute('aria-label', `Text of page ${current}`)
  })
}

function followMarks(store: Store<State>, frame: HTMLElement, node: Text): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  store.watch([shownText, markedHere], (state) => {
    clearTimeout(timer)
    const span = spanOf(shownText(state), markedHere(state))
    if (!span || frame.matches(':hover')) return
    timer = setTimeout(() => scrollToSpan(frame, node, span), state.hovered ? followMs : 0)
  })
  store.watch([({ matches }) => matches, ({ match }) => match, shownText], (state) => {
    const shown = state.matches[state.match]
    if (shown?.page === state.current) scrollToSpan(frame, node, shown)
  })
}
