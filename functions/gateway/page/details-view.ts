import type { Announcer } from './announcer.ts'
import { copyText } from './clipboard.ts'
import { curlLine } from './curl.ts'
import { button, byId, make } from './dom.ts'
import { factsOf, preparationText, qualityText } from './facts.ts'
import { type State, shownPage } from './state.ts'
import type { Store } from './store.ts'

/** How good the result is, where the time went, and the same request for a terminal. */
export function mountDetails(store: Store<State>, announcer: Announcer): void {
  const list = byId('facts', HTMLElement)
  const curl = byId('curl', HTMLElement)
  button('copy-curl').addEventListener('click', () =>
    copyText(curl.textContent, 'The command', announcer),
  )
  store.watch([({ answer }) => answer, ({ tookMs }) => tookMs, shownPage], (state) => {
    byId('quality', HTMLElement).textContent = qualityText(state)
    const page = shownPage(state)?.page
    const prepared = page ? preparationText(page) : ''
    const facts = [
      ...factsOf(state),
      ...(prepared ? ([['Before it was read', prepared]] as const) : []),
    ]
    list.replaceChildren(
      ...facts.flatMap(([name, value]) => [
        make('dt', { text: name }),
        make('dd', { text: value }),
      ]),
    )
  })
  store.watch([({ source }) => source, ({ asked }) => asked, ({ key }) => key], (state) => {
    const { source, asked, key } = state
    if (!source) return
    const base = new URL('./', location.href).href
    const path = source.path ?? source.name
    curl.textContent = curlLine({ base, path, options: asked, hasKey: key !== '' })
  })
}
