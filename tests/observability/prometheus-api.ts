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

/** A Prometheus, as it is asked over HTTP. */
export interface PrometheusApi {
  /**
   * The value of an expression now.
   * @throws Error with what Prometheus says of an expression that is wrong
   */
  query(expression: string): Promise<Result[]>
  alerts(): Promise<Alert[]>
  ruleGroups(): Promise<RuleGroup[]>
  targets(): Promise<TargetState[]>
}

interface RuleGroup {
  readonly name: string
  readonly rules: RuleState[]
}

interface RawResult {
  readonly metric: Record<string, string>
  readonly value: [time: number, value: string]
}

/** @param originOf gives where it is now */
export function createPrometheusApi(originOf: () => string): PrometheusApi {
  const ask = async <T>(path: string): Promise<T> => {
    const answer = await fetch(`${originOf()}/api/v1/${path}`)
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
    ruleGroups: async () => (await ask<{ groups: RuleGroup[] }>('rules')).groups,
    targets: async () =>
      (await ask<{ activeTargets: TargetState[] }>('targets?state=active')).activeTargets,
  }
}
