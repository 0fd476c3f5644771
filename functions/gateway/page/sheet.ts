import { byId } from './dom.ts'
import { type Picture, showsPage } from './picture.ts'
import { isShown } from './source.ts'
import { type State, shownPage } from './state.ts'
import type { Store } from './store.ts'
import type { Size, View } from './viewport.ts'

/** Where nothing is known of a page yet: A4. */
const unknownSize: Size = { width: 595, height: 842 }

/** The page as it lies in the viewport: its picture, the file itself while there is none, or a blank sheet. */
export interface Sheet {
  /** Pixels of the page; of the file as long as the page is not read. */
  readonly size: Size
  place(view: View): void
}

/** @param onSize called when the page has another size */
export function mountSheet(store: Store<State>, onSize: () => void): Sheet {
  const sheet = byId('sheet', HTMLElement)
  const image = byId('picture', HTMLImageElement)
  let size = unknownSize

  store.watch([shownPage, ({ phase }) => phase, ({ preview }) => preview], (state) => {
    const page = shownPage(state)?.page
    const picture = pictureNow(state)
    void showImage(image, picture?.url)
    sheet.classList.toggle('is-reading', !page && state.phase === 'reading')
    sheet.classList.toggle('is-unknown', !page && !picture)
    const { width, height } = page && page.width > 0 ? page : (picture ?? unknownSize)
    if (width === size.width && height === size.height) return
    size = { width, height }
    onSize()
  })
  keepPreview(store)

  return {
    get size() {
      return size
    },
    place({ scale, x, y }) {
      sheet.style.width = `${size.width}px`
      sheet.style.height = `${size.height}px`
      sheet.style.transform = `translate(${x}px, ${y}px) scale(${scale})`
      sheet.style.setProperty('--scale', String(scale))
    },
  }
}

function pictureNow(state: State): Picture | undefined {
  const shown = shownPage(state)
  const { preview } = state
  const fits = preview && (!shown || showsPage(preview, shown.page))
  return shown?.picture ?? (fits ? preview : undefined)
}

/** Has the file shown by the browser itself, where it can. */
function keepPreview(store: Store<State>): void {
  store.watch([({ source }) => source], async ({ source, preview }) => {
    if (preview) URL.revokeObjectURL(preview.url)
    store.update({ preview: undefined })
    if (!source || !isShown(source.file)) return
    const loaded = await previewOf(source.file)
    if (store.state.source === source) store.update({ preview: loaded })
    else if (loaded) URL.revokeObjectURL(loaded.url)
  })
}

/** @returns undefined for a file that the browser cannot show */
async function previewOf(file: Blob): Promise<Picture | undefined> {
  const url = URL.createObjectURL(file)
  const image = new Image()
  image.src = url
  try {
    await image.decode()
    return { url, width: image.naturalWidth, height: image.naturalHeight }
  } catch {
    URL.revokeObjectURL(url)
    return undefined
  }
}

/** Without a moment in which there is none: the next picture is decoded before it is shown. */
async function showImage(image: HTMLImageElement, url: string | undefined): Promise<void> {
  image.dataset['url'] = url ?? ''
  if (url === undefined) {
    image.hidden = true
    image.removeAttribute('src')
    return
  }
  const next = new Image()
  next.src = url
  await next.decode().catch(() => undefined)
  if (image.dataset['url'] !== url) return
  image.src = url
  image.hidden = false
}
