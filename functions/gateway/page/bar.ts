import { button, byId } from './dom.ts'
import { durationText, progressText } from './facts.ts'
import { sizeText } from './source.ts'
import type { State } from './state.ts'
import type { Store } from './store.ts'

const tickMs = 100

/** The bar at the top: which document it is, and how far it is. */
export function mountBar(store: Store<State>): void {
  store.watch([({ source }) => source], showDocument)
  store.watch([({ phase }) => phase, ({ source }) => source], showButtons)
  store.watch([({ phase }) => phase, ({ numbers }) => numbers, ({ pages }) => pages], showProgress)
  store.watch([({ source }) => source, progressText], (state) => {
    const size = state.source && sizeText(state.source.file.size)
    const parts = [size, progressText(state)].filter(Boolean)
    byId('document-facts', HTMLElement).textContent = parts.join(' · ')
  })
  countTime(store)
}

function showDocument({ source }: State): void {
  const wasOpen = document.body.hasAttribute('data-document')
  document.body.toggleAttribute('data-document', source !== undefined)
  document.title = source ? `${source.name} – knative-ocr` : 'knative-ocr'
  byId('start', HTMLElement).hidden = source !== undefined
  byId('desk', HTMLElement).hidden = source === undefined
  byId('bar-document', HTMLElement).hidden = source === undefined
  byId('document-name', HTMLElement).textContent = source?.name ?? ''
  button('new').hidden = source === undefined
  // What had the focus is hidden now.
  if (source) byId('viewport', HTMLElement).focus({ preventScroll: true })
  else if (wasOpen) byId('choose', HTMLInputElement).focus({ preventScroll: true })
}

/** While it is read a document can be cancelled, and afterwards be read again; the focus stays in that place. */
function showButtons({ phase, source }: State): void {
  const [cancel, again] = [button('cancel'), button('again')]
  const focused = document.activeElement
  cancel.hidden = phase !== 'reading'
  again.hidden = phase === 'reading' || !source
  if (focused === again) cancel.focus()
  if (focused === cancel) again.focus()
}

function showProgress({ phase, numbers, pages }: State): void {
  const progress = byId('progress', HTMLProgressElement)
  progress.hidden = phase !== 'reading'
  if (numbers.length > 1) {
    progress.max = numbers.length
    progress.value = pages.size
  } else progress.removeAttribute('value')
}

function countTime(store: Store<State>): void {
  const elapsed = byId('elapsed', HTMLElement)
  let timer: ReturnType<typeof setInterval> | undefined
  store.watch([({ phase }) => phase, ({ source }) => source], ({ phase }) => {
    clearInterval(timer)
    elapsed.textContent = ''
    if (phase !== 'reading') return
    const began = performance.now()
    timer = setInterval(() => {
      elapsed.textContent = durationText(performance.now() - began)
    }, tickMs)
  })
}
