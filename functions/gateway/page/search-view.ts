import { button, byId } from './dom.ts'
import { countText, findInPages, firstMatch, stepMatch } from './search.ts'
import type { State } from './state.ts'
import type { Store } from './store.ts'

/** Search in the text of all pages. */
export function mountSearch(store: Store<State>): { focus(): void } {
  const input = byId('query', HTMLInputElement)
  const count = byId('match-count', HTMLElement)
  const steps = [button('previous-match'), button('next-match')]

  const show = (index: number) => {
    const page = store.state.matches[index]?.page ?? store.state.current
    store.update({ match: index, current: page })
  }
  const step = (by: 1 | -1) => show(stepMatch(store.state.match, store.state.matches.length, by))

  input.addEventListener('input', () => store.update({ query: input.value }))
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      event.preventDefault()
      step(event.shiftKey ? -1 : 1)
    }
    if (event.key === 'Escape' && input.value !== '') {
      event.preventDefault()
      store.update({ query: '' })
    }
  })
  steps[0]?.addEventListener('click', () => step(-1))
  steps[1]?.addEventListener('click', () => step(1))

  store.watch(
    [({ query }) => query, ({ pages }) => pages, ({ arrangement }) => arrangement],
    ({ query, pages, arrangement, match }) => {
      const texts = [...pages].map(([number, { texts }]) => ({ number, ...texts[arrangement] }))
      const matches = findInPages(texts, query)
      store.update({ matches, match: Math.min(match, Math.max(0, matches.length - 1)) })
    },
  )
  // Only a new search leads to another page, not the pages that come.
  store.watch([({ query }) => query], ({ query, matches, current }) => {
    if (input.value !== query) input.value = query
    show(firstMatch(matches, current))
  })
  store.watch([({ matches }) => matches, ({ match }) => match, ({ query }) => query], (state) => {
    count.textContent = countText(state)
    for (const element of steps) element.disabled = state.matches.length === 0
  })
  return {
    focus() {
      input.focus()
      input.select()
    },
  }
}
