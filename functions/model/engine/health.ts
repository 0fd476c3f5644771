import { setTimeout as sleep } from 'node:timers/promises'

/** Whether engines can be started. */
export interface EngineHealth {
  readonly isHealthy: boolean
  /** Takes whether a process has loaded its language data, or has ended before. */
  onLoad(hasLoaded: boolean): void
  /** Ends the checks. */
  close(): void
}

interface EngineHealthOptions {
  /** Shows that the engine can read, by the default language; rejects otherwise. */
  readonly check: () => Promise<void>
  /** Is told when it changes; why it is not healthy any more. */
  readonly onChange: (cause?: unknown) => void
  readonly retryMs?: number
}

/** Failed starts in a row that are put down to chance, or to the pages. */
const toleratedFailures = 2

/**
 * Watches the starts of engines. When three in a row have failed, a check tells whether it is because of their
 * options, for instance by data of one language that are damaged, or because there can be no engine at all. Then the
 * check is repeated until one succeeds, since nobody sends pages to a service that is not ready.
 */
export function createEngineHealth(options: EngineHealthOptions): EngineHealth {
  const { check, onChange, retryMs = 2_000 } = options
  const closed = new AbortController()
  let failures = 0
  let isHealthy = true
  let isChecking = false

  const isFine = async (): Promise<boolean> => {
    try {
      await check()
      if (!isHealthy) onChange()
      isHealthy = true
    } catch (cause) {
      if (isHealthy) onChange(cause)
      isHealthy = false
    }
    return isHealthy
  }

  const heal = async () => {
    isChecking = true
    while (!closed.signal.aborted && !(await isFine())) {
      await sleep(retryMs, undefined, { signal: closed.signal }).catch(() => undefined)
    }
    isChecking = false
    failures = 0
  }

  return {
    get isHealthy() {
      return isHealthy
    },
    onLoad(hasLoaded) {
      failures = hasLoaded ? 0 : failures + 1
      if (failures > toleratedFailures && !isChecking) void heal()
    },
    close: () => closed.abort(),
  }
}
