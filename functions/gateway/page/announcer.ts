import { byId } from './dom.ts'
import { progressText } from './facts.ts'
import type { State } from './state.ts'
import type { Store } from './store.ts'

/** What people hear who do not see the page, and a note that goes by itself for those who do. */
export interface Announcer {
  say(text: string): void
  /** Says it and shows it. */
  show(text: string): void
}

const shownMs = 4_000
/** Between two words about how far it is; its end is told at once. */
const progressMs = 2_000

export function createAnnouncer(store: Store<State>): Announcer {
  const announcer = byId('announcer', HTMLElement)
  const toast = byId('toast', HTMLElement)
  let timer: ReturnType<typeof setTimeout> | undefined
  const say = (text: string) => {
    announcer.textContent = text
  }
  let saidAt = Number.NEGATIVE_INFINITY
  store.watch([progressText], (state) => {
    const now = performance.now()
    if (state.phase === 'reading' && now - saidAt < progressMs) return
    saidAt = now
    say(progressText(state))
  })
  return {
    say,
    show(text) {
      say(text)
      toast.textContent = text
      toast.hidden = false
      clearTimeout(timer)
      timer = setTimeout(() => {
        toast.hidden = true
      }, shownMs)
    },
  }
}
