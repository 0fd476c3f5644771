import {
  createPrometheusFolder,
  type PrometheusOptions,
  type PrometheusProcess,
} from './prometheus-process.ts'

/** One series of an answer: its value now. */
export interface Result {
  readonly metric: Readonly<Record<string, string>>
  readonly value: number
}

export interface Alert {
  readonly state: 'pending' | 'firing'
  readonly labels: Readonly<Record<string, string>> & { readonly alertname: string }
}

interface RuleState {
  readonly name: string
  readonly health: string
  readonly lastError?: string
}

interface TargetState {
  readonly health: string
  readonly lastError: string
}

/** A real Prometheus, by its HTTP API. */
export interface Prometheus {
  /**
   * The value of an expression now.
   * @throws Error with what Prometheus says of an expression that is wrong
   */
  query(expression: string): Promise<Result[]>
  alerts(): Promise<Alert[]>
  rules(): Promise<RuleState[]>
  targets(): Promise<TargetState[]>
  /**
   * Stops it, and starts it again with more samples.
   * @param samples in OpenMetrics, older than all that it has
   */
  restartWith(samples: string): Promise<void>
  /** Ends it, and removes all that it has kept. */
  stop(): Promise<void>
}

export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const folder = createPrometheusFolder(options)
  let running: PrometheusProcess = await folder.start()
  const ask = async <T>(path: string): Promise<T> => {
    const answer = await fetch(`${running.origin}/api/v1/${path}`)
    const { data, error } = (await answer.json()) as { data: T; error?: string }
    if (error) throw new Error(error)
    return data
  }
  return {
    async query(expression) {
      const path = `query?query=${encodeURIComponent(expression)}`
      const { result } = await ask<{ result: RawResult[] }>(path)
      return result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }))
    },
    alerts: async () => (await ask<{ alerts: Alert[] }>('alerts')).alerts,
    async rules() {
      const { groups } = await ask<{ groups: Array<{ rules: RuleState[] }> }>('rules')
      return groups.flatMap(({ rules }) => rules)
    },
    targets: async () =>
      (await ask<{ activeTargets: TargetState[] }>('targets?state=active')).activeTargets,
    async restartWith(samples) {
      await running.stop()
      folder.add(samples)
      running = await folder.start()
    },
    async stop() {
      await running.stop()
      folder.remove()
    },
  }
}

interface RawResult {
  readonly metric: Record<string, string>
  readonly value: [time: number, value: string]
}
