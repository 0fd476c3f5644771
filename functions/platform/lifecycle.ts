import type { Log } from './log.ts'

/** Whether the service takes requests; the probes and the edge ask. */
export interface Lifecycle {
  readonly isReady: boolean
  readonly isDraining: boolean
  /** The service has shown that it works. */
  markReady(): void
  /** Something to end when the service stops; what was added last ends first. */
  onStop(end: () => Promise<void>): void
}

/**
 * Watches over a service from its first line to its last: SIGTERM or SIGINT makes it drain, end what
 * was added by {@link Lifecycle.onStop} and exit 0; a second signal ends it at once.
 */
export function createLifecycle(log: Log): Lifecycle {
  let state: 'starting' | 'ready' | 'draining' = 'starting'
  const ends: Array<() => Promise<void>> = []

  const stop = async (signal: string) => {
    if (state === 'draining') process.exit(1)
    state = 'draining'
    log.info({ signal }, 'stopping')
    try {
      for (const end of ends.toReversed()) await end()
      log.info('stopped')
      process.exit(0)
    } catch (err) {
      log.error({ err }, 'stopping failed')
      process.exit(1)
    }
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)

  return {
    get isReady() {
      return state === 'ready'
    },
    get isDraining() {
      return state === 'draining'
    },
    markReady() {
      if (state === 'starting') state = 'ready'
    },
    onStop: (end) => void ends.push(end),
  }
}

/** Runs a service's main function; that it cannot start is one line in the log and exit code 1. */
export async function run(main: () => Promise<void>): Promise<void> {
  try {
    await main()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  }
}
