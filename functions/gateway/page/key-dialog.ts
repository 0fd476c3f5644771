import { button, byId, prepareDialog } from './dom.ts'
import type { State } from './state.ts'
import type { Store } from './store.ts'

/** Asks for a key, which stays in the memory of the page. */
export function mountKeyDialog(store: Store<State>, onKey: () => void): { open(): void } {
  const dialog = prepareDialog('key')
  const input = byId('key-input', HTMLInputElement)
  const problem = byId('key-problem', HTMLElement)
  const open = () => {
    const { failure } = store.state
    problem.hidden = failure?.options.code !== 'unauthorized'
    problem.textContent = failure?.options.detail ?? ''
    input.value = ''
    if (!dialog.open) dialog.showModal()
  }
  byId('key-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault()
    store.update({ key: input.value.trim() })
    input.value = ''
    dialog.close()
    onKey()
  })
  button('open-key').addEventListener('click', () => {
    if (store.state.key === '') open()
    else store.update({ key: '' })
  })
  store.watch([({ key }) => key], ({ key }) => {
    const hasKey = key !== ''
    byId('key-state', HTMLElement).textContent = hasKey ? 'A key is sent.' : 'No key is sent.'
    button('open-key').textContent = hasKey ? 'Forget it' : 'Set a key'
  })
  store.watch([({ failure }) => failure], ({ failure }) => {
    if (failure?.options.code === 'unauthorized') open()
  })
  return { open }
}
