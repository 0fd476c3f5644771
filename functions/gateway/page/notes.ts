import { byId, make, makeButton } from './dom.ts'
import { type Failure, type Remedy, stepFor } from './errors.ts'
import type { State } from './state.ts'
import type { Store } from './store.ts'

type Remedies = Readonly<Record<Remedy, () => void>>

const remedyNames: Readonly<Record<Remedy, string>> = {
  again: 'Try again',
  choose: 'Choose another file',
  options: 'Change the options',
  key: 'Enter a key',
}

/** What went wrong and what to do next, and what the result warns of. */
export function mountNotes(store: Store<State>, remedies: Remedies): void {
  const notes = byId('notes', HTMLElement)
  const atStart = byId('start-failure', HTMLElement)
  /** There is nothing yet to be read again. */
  const atFirst = { ...remedies, again: remedies.choose }
  let stop = () => {}
  store.watch(
    [({ failure }) => failure, ({ answer }) => answer, ({ phase }) => phase],
    ({ failure, answer, phase, source, pages, numbers }) => {
      stop()
      const shown = failure && makeFailure(failure, source ? remedies : atFirst)
      stop = shown?.stop ?? stop
      atStart.hidden = !failure || !!source
      const warnings = (answer?.warnings ?? []).map(({ message, page }) =>
        note(numbers.length > 1 ? `Page ${page}: ${message}` : message),
      )
      if (phase === 'stopped') warnings.push(note(stoppedText(pages.size, numbers.length)))
      if (!source) {
        atStart.replaceChildren(...(shown?.parts ?? []))
        return notes.replaceChildren()
      }
      const alert = make('div', { className: 'failure' }, ...(shown?.parts ?? []))
      alert.setAttribute('role', 'alert')
      notes.replaceChildren(...(shown ? [alert] : []), ...warnings)
    },
  )
}

const note = (text: string) => make('p', { className: 'note', text })

const stoppedText = (read: number, all: number): string =>
  read === 0
    ? 'Reading was cancelled before a page was read.'
    : `Reading was cancelled. ${read} of ${all} pages are here.`

function makeFailure({ options }: Failure, remedies: Remedies) {
  const { title, detail, code, requestId, retryAfterSeconds } = options
  const { next, remedy } = stepFor(options)
  const action = makeButton('button primary', remedyNames[remedy], remedies[remedy])
  const stop = countDown(action, remedyNames[remedy], retryAfterSeconds)
  const facts = [code, requestId && `request ${requestId}`].filter(Boolean).join(' · ')
  const foot = make('div', { className: 'failure-foot' }, action, make('code', { text: facts }))
  const parts = [
    make('h2', { text: title }),
    make('p', { text: detail }),
    make('p', { className: 'failure-next', text: next }),
    foot,
  ]
  return { parts, stop }
}

/** Shows the seconds that the gateway asks to wait; who does not want to wait need not. */
function countDown(action: HTMLButtonElement, name: string, seconds = 0): () => void {
  let left = seconds
  const show = () => {
    action.textContent = left > 0 ? `${name} (in ${left} s)` : name
  }
  show()
  if (left <= 0) return () => {}
  const timer = setInterval(() => {
    left--
    show()
    if (left <= 0) clearInterval(timer)
  }, 1000)
  return () => clearInterval(timer)
}
