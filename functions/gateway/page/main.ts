import { createAnnouncer } from './announcer.ts'
import { mountBar } from './bar.ts'
import { mountDetails } from './details-view.ts'
import { button, byId } from './dom.ts'
import { mountDownloads } from './download-menu.ts'
import { toFailure } from './errors.ts'
import { mountIntake } from './intake.ts'
import { mountKeyDialog } from './key-dialog.ts'
import { keysEverywhere, keysInPicture, keysInText } from './key-map.ts'
import { mountKeyboard } from './keyboard.ts'
import { mountLegend } from './legend.ts'
import { mountNotes } from './notes.ts'
import { mountOptions } from './options-dialog.ts'
import { createReading } from './reading.ts'
import { createGateway } from './request.ts'
import { mountSearch } from './search-view.ts'
import { createSelection } from './selection.ts'
import { mountSides } from './sides.ts'
import { initialState, type State } from './state.ts'
import { createStore } from './store.ts'
import { mountTextView } from './text-view.ts'
import { mountThumbnails } from './thumbnails.ts'
import { mountViewer } from './viewer.ts'

// The parts of the page, put together.

const store = createStore<State>(initialState)
const gateway = createGateway()
const announcer = createAnnouncer(store)
const reading = createReading({ store, gateway, revoke: (url) => URL.revokeObjectURL(url) })
const selection = createSelection({ store, say: announcer.say })
const { choose, hover } = selection
const readAgain = () => void reading.again()
const onFailure = (thrown: unknown) => store.update({ failure: toFailure(thrown) })

const loadLanguages = async () => {
  const { signal } = new AbortController()
  try {
    store.update({ languages: await gateway.languages({ key: store.state.key, signal }) })
  } catch {
    // The options say that they are not known yet; what is wrong is told when a document is read.
  }
}

const intake = mountIntake({ onSource: (source) => void reading.read(source), onFailure })
const keyDialog = mountKeyDialog(store, () => {
  void loadLanguages()
  readAgain()
})
const options = mountOptions({ store, onApply: readAgain })
mountBar(store)
const remedies = {
  again: readAgain,
  choose: intake.choose,
  options: options.open,
  key: keyDialog.open,
}
mountNotes(store, remedies)
const viewer = mountViewer({ store, onHover: hover, onChoose: (word) => choose(word, 'picture') })
const thumbnails = mountThumbnails(store)
const legend = mountLegend(store)
mountTextView({ store, onHover: hover, onChoose: (word) => choose(word, 'text') })
const search = mountSearch(store)
const downloads = mountDownloads({ store, gateway, announcer, onFailure })
mountDetails(store, announcer)
mountSides(store)

const stop = () => {
  if (store.state.phase === 'reading') reading.cancel()
  else choose(undefined, 'key')
}
mountKeyboard(
  keysEverywhere(
    {
      choose: intake.choose,
      again: readAgain,
      stop,
      copy: downloads.copy,
      search: search.focus,
      options: options.open,
      zoom: viewer.zoom,
      fit: viewer.fit,
      toggleBoxes: legend.toggleBoxes,
      step: thumbnails.step,
    },
    selection,
  ),
  [
    { element: byId('viewport', HTMLElement), shortcuts: keysInPicture(selection, viewer.pan) },
    { element: byId('text', HTMLElement), shortcuts: keysInText(selection) },
  ],
)
const clicks: ReadonlyArray<readonly [id: string, onClick: () => void]> = [
  ['cancel', reading.cancel],
  ['again', readAgain],
  ['new', reading.close],
  ['zoom-in', () => viewer.zoom(1.25)],
  ['zoom-out', () => viewer.zoom(0.8)],
  ['zoom-fit', viewer.fit],
  ['as-reading', () => store.update({ arrangement: 'reading' })],
  ['as-layout', () => store.update({ arrangement: 'layout' })],
]
for (const [id, onClick] of clicks) button(id).addEventListener('click', onClick)

void loadLanguages()
