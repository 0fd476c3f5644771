import type { Announcer } from './announcer.ts'
import { copyText } from './clipboard.ts'
import { button, byId, make, makeButton } from './dom.ts'
import {
  type DownloadFormat,
  downloadFormats,
  downloadName,
  downloads,
  jsonOf,
  textOf,
} from './downloads.ts'
import type { Gateway } from './request.ts'
import type { State } from './state.ts'
import type { Store } from './store.ts'

interface MenuOptions {
  readonly store: Store<State>
  readonly gateway: Pick<Gateway, 'render'>
  readonly announcer: Announcer
  onFailure(thrown: unknown): void
}

/** Saves a result in any format: what is here as it is, the others as the gateway makes them. */
export function mountDownloads({ store, gateway, announcer, onFailure }: MenuOptions): {
  copy(): void
} {
  const menu = byId('downloads', HTMLElement)
  let controller = new AbortController()

  const blobOf = async (format: DownloadFormat): Promise<Blob | undefined> => {
    const { source, asked, key } = store.state
    if (!source) return undefined
    if (format === 'text') return new Blob([textOf(store.state)], { type: 'text/plain' })
    if (format === 'json') return new Blob([jsonOf(store.state)], { type: 'application/json' })
    announcer.show(`The gateway makes the ${downloads[format].name} …`)
    const { signal } = controller
    return await gateway.render(source.file, asked, format, { key, signal })
  }
  const save = async (format: DownloadFormat, entry: HTMLButtonElement) => {
    if (entry.ariaBusy === 'true') return
    const { signal } = controller
    const name = downloadName(store.state.source?.name ?? '', format)
    entry.ariaBusy = 'true'
    try {
      const blob = await blobOf(format)
      if (blob && !signal.aborted) saveAs(blob, name)
      announcer.show(`${name} is saved.`)
      menu.hidePopover()
    } catch (error) {
      if (!signal.aborted) onFailure(error)
    } finally {
      entry.ariaBusy = null
    }
  }
  menu.append(...downloadFormats.map((format) => entryFor(format, save)))
  const copy = () => copyText(textOf(store.state), 'The text', announcer)
  button('copy').addEventListener('click', copy)

  // Whatever is under way for a document ends with it.
  store.watch([({ source }) => source, ({ asked }) => asked], () => {
    controller.abort()
    controller = new AbortController()
  })
  store.watch([({ pages }) => pages, ({ phase }) => phase], ({ pages, phase }) => {
    button('copy').disabled = pages.size === 0
    button('open-downloads').disabled = phase !== 'done'
  })
  return { copy }
}

function entryFor(
  format: DownloadFormat,
  save: (format: DownloadFormat, entry: HTMLButtonElement) => Promise<void>,
): HTMLButtonElement {
  const { name, extension } = downloads[format]
  const entry = makeButton('', name, () => void save(format, entry))
  entry.dataset['format'] = format
  entry.append(make('small', { text: extension }))
  return entry
}

function saveAs(blob: Blob, name: string): void {
  const link = make('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  // The browser has taken the file over by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
