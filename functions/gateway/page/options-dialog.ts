import { button, byId, make, prepareDialog } from './dom.ts'
import {
  defaultOptions,
  isSame,
  languageName,
  languagesByName,
  layouts,
  type Options,
  summaryOf,
  toggled,
} from './options.ts'
import type { State } from './state.ts'
import type { Store } from './store.ts'

interface OptionsDialogOptions {
  readonly store: Store<State>
  /** Called when the options are other than those of the document that is shown. */
  onApply(): void
}

/** What is asked of a reading. Every change counts at once; the button only reads again. */
export function mountOptions({ store, onApply }: OptionsDialogOptions): { open(): void } {
  const dialog = prepareDialog('options')
  const form = byId('options-form', HTMLFormElement)
  const apply = button('apply')
  byId('psm', HTMLSelectElement).append(...layouts.map(([psm, name]) => new Option(name, psm)))

  form.addEventListener('input', () => {
    store.update({ options: { ...readForm(form), languages: store.state.options.languages } })
  })
  form.addEventListener('reset', () => store.update({ options: defaultOptions }))
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    dialog.close()
    if (needsReading(store.state)) onApply()
  })
  const open = () => dialog.showModal()
  button('open-options').addEventListener('click', open)
  button('change-options').addEventListener('click', open)

  store.watch([({ options }) => options, ({ languages }) => languages], (state) => {
    showLanguages(state, (code) => {
      const { options } = store.state
      store.update({ options: { ...options, languages: toggled(options.languages, code) } })
    })
    byId('summary', HTMLElement).textContent = `Reads ${summaryOf(state.options, state.languages)}.`
  })
  store.watch([needsReading], (state) => {
    apply.textContent = needsReading(state) ? 'Read again' : 'Done'
  })
  return { open }
}

const needsReading = ({ source, asked, options, phase }: State): boolean =>
  source !== undefined && phase !== 'reading' && !isSame(asked, options)

function readForm(form: HTMLFormElement): Omit<Options, 'languages'> {
  const data = new FormData(form)
  const text = (name: string) => String(data.get(name) ?? '')
  return {
    profile: text('profile') === 'best' ? 'best' : 'fast',
    isTurned: data.has('isTurned'),
    psm: text('psm'),
    pages: text('pages'),
    dpi: text('dpi'),
  }
}

function showLanguages({ languages, options }: State, onToggle: (code: string) => void): void {
  const list = byId('languages', HTMLElement)
  const note = byId('languages-note', HTMLElement)
  if (!languages) return
  const known = languages.default.split('+').map((code) => languageName(code, languages))
  note.textContent = `If none is chosen, ${known.join(' and ')}. Of several, the first is the main one.`
  const focused = document.activeElement?.getAttribute('value')
  list.replaceChildren(
    ...languagesByName(languages).map((code) => {
      const box = make('input')
      box.type = 'checkbox'
      box.value = code
      const rank = options.languages.indexOf(code)
      box.checked = rank >= 0
      box.addEventListener('input', (event) => {
        event.stopPropagation()
        onToggle(code)
      })
      const name = make('span', { text: languageName(code, languages) })
      if (rank >= 0 && options.languages.length > 1) {
        name.append(make('span', { className: 'rank', text: `${rank + 1}.` }))
      }
      return make('li', {}, make('label', { className: 'choice' }, box, name))
    }),
  )
  list.querySelector<HTMLElement>(`input[value="${CSS.escape(focused ?? '')}"]`)?.focus()
}
