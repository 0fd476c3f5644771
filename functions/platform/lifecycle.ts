/** The life of a service, from its first line to its last. */
export interface Lifecycle {
  /** Requests are taken: the service has shown that it works, and is not stopping. */
  readonly isReady: boolean
  readonly isDraining: boolean
  markReady(): void
  /** Something to end when the service stops, also if it stops already; what was added last ends first. */
  onStop(end: () => Promise<void> | void): void
  /** What is left of a time for all that is waited for in the end; all of it before the service stops. */
  graceLeftMs(graceMs: number): number
}

/**
 * Runs a service. SIGTERM or SIGINT makes it drain, end what it added by {@link Lifecycle.onStop}, and
 * exit 0, also when that breaks its start off; a second signal ends it at once. A failure to start or to
 * stop is one line on standard error and exit code 1; what else there is to end is ended nevertheless.
 */
export async function run(main: (lifecycle: Lifecycle) => Promise<void>): Promise<void> {
  let state: 'starting' | 'ready' | 'draining' = 'starting'
  let stoppingSince = Number.POSITIVE_INFINITY
  const ends: Array<() => Promise<void> | void> = []

  const stop = async (exitCode: number) => {
    state = 'draining'
    stoppingSince = performance.now()
    for (let end = ends.pop(); end; end = ends.pop()) {
      try {
        await end()
      } catch (error) {
        exitCode = 1
        complain(error)
      }
    }
    process.exit(exitCode)
  }
  const onSignal = () => (state === 'draining' ? process.exit(1) : stop(0))
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)

  const lifecycle: Lifecycle = {
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
    graceLeftMs(graceMs) {
      const waitedMs = Math.max(0, performance.now() - stoppingSince)
      return Math.max(0, graceMs - waitedMs)
    },
  }
  try {
    await main(lifecycle)
  } catch (error) {
    // What was being started has been ended: no failure.
    if (lifecycle.isDraining) return
    complain(error)
    await stop(1)
  }
}

/** An error's message and those of its causes. */
function complain(error: unknown): void {
  const { message, cause } = error instanceof Error ? error : new Error(String(error))
  process.stderr.write(`${message}\n`)
  if (cause) complain(cause)
}
