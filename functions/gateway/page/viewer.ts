import { mountBoxes } from './boxes.ts'
import { byId, perFrame } from './dom.ts'
import { type GestureListener, listenToGestures } from './listen-to-gestures.ts'
import { mountSheet } from './sheet.ts'
import { type State, shownPage } from './state.ts'
import type { Store } from './store.ts'
import { fitted, panned, revealed, type Size, toPage, type View, zoomed } from './viewport.ts'
import { mountWordMark } from './word-mark.ts'
import { type Point, wordAt } from './words.ts'

interface ViewerOptions {
  readonly store: Store<State>
  /** A word of the page that is shown. */
  onHover(word: number | undefined): void
  onChoose(word: number | undefined): void
}

export interface Viewer {
  zoom(factor: number): void
  fit(): void
  pan(by: Point): void
}

/** CSS pixels by which a pointer or a finger may miss a word. */
const slop = { mouse: 1, finger: 12 }

/** The picture of a page with the boxes of its words, to be moved and zoomed. */
export function mountViewer({ store, onHover, onChoose }: ViewerOptions): Viewer {
  const element = byId('viewport', HTMLElement)
  const zoomValue = byId('zoom', HTMLOutputElement)
  element.tabIndex = 0
  let frame: Size = { width: 0, height: 0 }
  let view: View = { scale: 1, x: 0, y: 0 }
  /** Until somebody moves it, the page fits whatever the size of the window. */
  let isFitted = true

  const draw = perFrame(() => {
    sheet.place(view)
    boxes.draw(view)
    mark.place(view, frame)
    zoomValue.value = `${Math.round(view.scale * 100)} %`
  })
  const show = (next: View, { fits = false } = {}) => {
    view = next
    isFitted = fits
    draw()
  }
  const fit = () => show(fitted(sheet.size, frame), { fits: true })
  const pan = (by: Point) => show(panned(view, by, sheet.size, frame))
  const zoom = (factor: number, at: Point) =>
    show(zoomed(view, { factor, at, page: sheet.size, frame }))

  const mark = mountWordMark(store, () => mark.place(view, frame))
  const boxes = mountBoxes(store, draw)
  const sheet = mountSheet(store, () => fit())
  store.watch([({ source }) => source, ({ current }) => current], fit)
  store.watch([({ chosen }) => chosen], ({ chosen, current, pages }) => {
    const word = chosen && pages.get(chosen.page)?.words[chosen.word]
    if (!word || chosen.page !== current || chosen.by === 'picture') return
    const next = revealed(view, word.box, sheet.size, frame)
    if (next !== view) show(next)
  })
  tellPage(element, store)
  new ResizeObserver(() => {
    frame = { width: element.clientWidth, height: element.clientHeight }
    boxes.resize(frame)
    if (isFitted) fit()
    else pan({ x: 0, y: 0 })
  }).observe(element)

  const wordUnder = (at: Point, miss: number) =>
    shownWordAt(store.state, toPage(view, at), miss / view.scale)
  listenToGestures(element, {
    ...listenToWords(element, wordUnder, { onHover, onChoose }),
    onPan: pan,
    onZoom: zoom,
  })
  return { fit, pan, zoom: (factor) => zoom(factor, { x: frame.width / 2, y: frame.height / 2 }) }
}

/** What is to happen with the words under a pointer or a finger. */
const listenToWords = (
  element: HTMLElement,
  wordUnder: (at: Point, miss: number) => number | undefined,
  { onHover, onChoose }: Pick<ViewerOptions, 'onHover' | 'onChoose'>,
): Pick<GestureListener, 'onTap' | 'onHover'> => ({
  onTap: (at, { isFinger }) => onChoose(wordUnder(at, isFinger ? slop.finger : slop.mouse)),
  onHover(at) {
    const word = at && wordUnder(at, slop.mouse)
    element.classList.toggle('on-word', word !== undefined)
    onHover(word)
  },
})

/** For whoever does not see it. */
function tellPage(element: HTMLElement, store: Store<State>): void {
  store.watch([shownPage, ({ current }) => current], (state) => {
    element.setAttribute('aria-label', labelOf(state))
  })
}

/** The word at a point of the page, unless its box is hidden. */
function shownWordAt(state: State, point: Point, miss: number): number | undefined {
  const words = shownPage(state)?.words ?? []
  const index = wordAt(words, point, miss)
  const word = index === undefined ? undefined : words[index]
  return word && state.hasBoxes && word.confidence >= state.threshold ? index : undefined
}

function labelOf(state: State): string {
  const count = shownPage(state)?.words.length
  if (count === undefined) return `Picture of page ${state.current}`
  return `Picture of page ${state.current}, ${count} words. Arrow keys go from word to word.`
}
