import { button, byId, make, prepareDialog } from './dom.ts'
import { keyName, runShortcut, type Shortcut } from './shortcuts.ts'

/** Keys that act in a focused element. */
export interface Focused {
  readonly element: HTMLElement
  readonly shortcuts: readonly Shortcut[]
}

/** Listens to keys, and tells which there are. */
export function mountKeyboard(everywhere: readonly Shortcut[], focused: readonly Focused[]): void {
  const help = prepareDialog('help')
  const isOn = byId('single-keys', HTMLInputElement)
  const all: Shortcut[] = [
    ...everywhere,
    { keys: ['?'], meaning: 'These shortcuts', run: () => help.showModal() },
  ]
  button('open-help').addEventListener('click', () => help.showModal())

  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || !isOn.checked || isTyping(event) || isCovered()) return
    run(all, event)
  })
  for (const { element, shortcuts } of focused) {
    element.addEventListener('keydown', (event) => run(shortcuts, event))
  }
  const told = [...all, ...(focused[0]?.shortcuts ?? [])]
  byId('shortcuts', HTMLElement).replaceChildren(...told.map(explanationOf))
}

function run(shortcuts: readonly Shortcut[], event: KeyboardEvent): void {
  if (runShortcut(shortcuts, event)) event.preventDefault()
}

function explanationOf({ keys, meaning }: Shortcut): HTMLElement {
  const names = make('dt')
  for (const key of keys) names.append(make('kbd', { text: keyName(key) }), ' ')
  return make('div', {}, names, make('dd', { text: meaning }))
}

/** A slider and a button take keys of their own, but no letters. */
const isTyping = ({ target }: Event): boolean =>
  target instanceof HTMLElement &&
  target.matches(
    'input:not([type=range], [type=checkbox], [type=radio], [type=file]), select, textarea',
  )

/** What lies over the page takes keys for itself. */
const isCovered = (): boolean => document.querySelector('dialog[open], :popover-open') !== null
