import { countByLevel, levels, percentOf } from './confidence.ts'
import { button, byId, make, setPressed } from './dom.ts'
import { type State, shownPage } from './state.ts'
import type { Store } from './store.ts'

/** What the colours mean, how many words there are of each, and which are shown. */
export function mountLegend(store: Store<State>): { toggleBoxes(): void } {
  const list = byId('legend', HTMLElement)
  const slider = byId('threshold', HTMLInputElement)
  const value = byId('threshold-value', HTMLOutputElement)
  const toggleBoxes = () => store.update({ hasBoxes: !store.state.hasBoxes })
  slider.addEventListener('input', () => store.update({ threshold: slider.valueAsNumber / 100 }))
  button('boxes').addEventListener('click', toggleBoxes)

  store.watch([shownPage], (state) => {
    const words = shownPage(state)?.words
    const counts = words && countByLevel(words)
    list.replaceChildren(
      ...levels.map(({ name, from }) => {
        const swatch = make('span', { className: `swatch ${name}` })
        const label = make('span', { className: 'legend-name', text: name })
        const count = make('span', { text: counts ? `${counts[name]}` : '' })
        const item = make('li', {}, swatch, label, count)
        item.title = `${name}: from ${percentOf(from)} %`
        return item
      }),
    )
  })
  store.watch([({ threshold }) => threshold], ({ threshold }) => {
    value.value = `${percentOf(threshold)} %`
    slider.value = String(percentOf(threshold))
  })
  store.watch([({ hasBoxes }) => hasBoxes], ({ hasBoxes }) => setPressed(button('boxes'), hasBoxes))
  return { toggleBoxes }
}
