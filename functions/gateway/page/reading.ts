import { toFailure } from './errors.ts'
import type { Gateway } from './request.ts'
import type { Source } from './source.ts'
import { emptied, type State, started, withPage } from './state.ts'
import type { Store } from './store.ts'
import type { Line } from './stream.ts'

/** Reads one document at a time. */
export interface Reading {
  /** Ends the one before. Does not throw: what goes wrong is in the state. */
  read(source: Source): Promise<void>
  /** Once more, by the options of now. */
  again(): Promise<void>
  /** What has come is kept. */
  cancel(): void
  /** Ends the reading and forgets the document. */
  close(): void
}

interface ReadingOptions {
  readonly store: Store<State>
  readonly gateway: Pick<Gateway, 'read'>
  /** Called with the address of a picture that is shown no more. */
  readonly revoke: (url: string) => void
}

export function createReading({ store, gateway, revoke }: ReadingOptions): Reading {
  let controller = new AbortController()

  const begin = (change: Partial<State>): AbortSignal => {
    controller.abort()
    for (const { picture } of store.state.pages.values()) if (picture) revoke(picture.url)
    controller = new AbortController()
    store.update(change)
    return controller.signal
  }

  const read = async (source: Source) => {
    const { options, key } = store.state
    const signal = begin(started(source, options))
    const began = performance.now()
    try {
      for await (const line of gateway.read(source.file, options, { key, signal })) {
        if (signal.aborted) return
        store.update(changeBy(line, store.state))
      }
      store.update({ phase: 'done', tookMs: performance.now() - began })
    } catch (error) {
      if (!signal.aborted) store.update({ phase: 'failed', failure: toFailure(error) })
    }
  }

  return {
    read,
    async again() {
      const { source, phase } = store.state
      if (source && phase !== 'reading') await read(source)
    },
    cancel() {
      if (store.state.phase !== 'reading') return
      controller.abort()
      store.update({ phase: 'stopped' })
    },
    close() {
      begin(emptied())
    },
  }
}

function changeBy(line: Line, state: State): Partial<State> {
  if (line.type === 'start') {
    const [current = 1] = line.pages
    return { pageCount: line.pageCount, numbers: line.pages, current }
  }
  if (line.type === 'page') return { pages: withPage(state.pages, line.page) }
  return line.type === 'end' ? { answer: line.document } : {}
}
