import { button, byId, make } from './dom.ts'
import { mayHavePages } from './source.ts'
import type { ReadPage, State } from './state.ts'
import type { Store } from './store.ts'

/** The pages of a document that has several, as small pictures. */
export function mountThumbnails(store: Store<State>): { step(by: 1 | -1): void } {
  const list = byId('thumbnails', HTMLElement)
  let entries = new Map<number, HTMLButtonElement>()
  const step = (by: 1 | -1) => {
    const { numbers, current } = store.state
    const next = numbers[numbers.indexOf(current) + by]
    if (next !== undefined) store.update({ current: next })
  }
  button('previous-page').addEventListener('click', () => step(-1))
  button('next-page').addEventListener('click', () => step(1))

  // From the beginning, so that nothing moves when their number is told.
  store.watch([({ source }) => source], ({ source }) => {
    const isSingle = !source || !mayHavePages(source.file)
    byId('rail', HTMLElement).hidden = isSingle
    byId('page-steps', HTMLElement).hidden = isSingle
  })
  store.watch([({ numbers }) => numbers], ({ numbers }) => {
    entries = new Map(numbers.map((number) => [number, entryOf(number, store)]))
    list.replaceChildren(...[...entries.values()].map((entry) => make('li', {}, entry)))
  })
  store.watch([({ pages }) => pages, ({ numbers }) => numbers], ({ pages }) => {
    for (const [number, entry] of entries) showPage(entry, pages.get(number))
  })
  store.watch([({ current }) => current, ({ numbers }) => numbers], ({ current, numbers }) => {
    for (const [number, entry] of entries) {
      entry.setAttribute('aria-current', String(number === current))
    }
    entries.get(current)?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    const place = numbers.indexOf(current)
    byId('page-number', HTMLElement).textContent = `${current} of ${numbers.at(-1) ?? current}`
    button('previous-page').disabled = place <= 0
    button('next-page').disabled = place >= numbers.length - 1
  })
  return { step }
}

function entryOf(number: number, store: Store<State>): HTMLButtonElement {
  const sheet = make('span', { className: 'thumbnail-sheet' })
  const entry = make(
    'button',
    { className: 'thumbnail' },
    sheet,
    make('span', { text: `${number}` }),
  )
  entry.type = 'button'
  entry.dataset['page'] = `${number}`
  entry.addEventListener('click', () => store.update({ current: number }))
  showPage(entry, undefined)
  return entry
}

function showPage(entry: HTMLButtonElement, read: ReadPage | undefined): void {
  const state = read?.page.error ? 'failed' : read ? 'read' : 'waiting'
  if (entry.dataset['state'] === state) return
  entry.dataset['state'] = state
  entry.setAttribute('aria-label', labelOf(entry.dataset['page'] ?? '', read))
  const sheet = entry.querySelector<HTMLElement>('.thumbnail-sheet')
  if (!sheet || !read) return
  const doubts = read.page.quality.uncertainWords
  if (doubts > 0) entry.append(make('span', { className: 'thumbnail-doubts', text: `${doubts}` }))
  if (read.page.height > 0) sheet.style.aspectRatio = `${read.page.width} / ${read.page.height}`
  if (!read.picture) return
  const image = make('img')
  image.alt = ''
  image.decoding = 'async'
  image.loading = 'lazy'
  image.src = read.picture.url
  sheet.replaceChildren(image)
}

function labelOf(number: string, read: ReadPage | undefined): string {
  if (!read) return `Page ${number}, not read yet`
  if (read.page.error) return `Page ${number}, could not be read`
  const { words, uncertainWords } = read.page.quality
  return `Page ${number}, ${words} words, ${uncertainWords} of them uncertain`
}
