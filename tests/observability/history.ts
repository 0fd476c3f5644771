import type { Result } from './prometheus-api.ts'

const [hour, day] = [3_600, 86_400]

/**
 * Series as if they had been the same in the week before, up to some hours ago, of pods that are no longer there; in
 * OpenMetrics.
 * @param series with their names, as Prometheus tells of them
 */
export function weekBefore(series: readonly Result[]): string {
  // On the hour, where a subquery with that step looks.
  const thisHour = Math.floor(Date.now() / 1_000 / hour) * hour
  const lines = series.flatMap(({ metric: { __name__: name, ...labels }, value }) => {
    const written = Object.entries(earlier(labels)).map(([label, of]) => `${label}="${of}"`)
    const lines: string[] = []
    for (let time = thisHour - 8 * day; time < thisHour - 7 * hour; time += hour) {
      lines.push(`${name}{${written.join(',')}} ${value} ${time}`)
    }
    return lines
  })
  return [...lines, '# EOF', ''].join('\n')
}

const earlier = ({ pod, instance, ...labels }: Result['metric']): Result['metric'] => ({
  ...labels,
  ...(pod && { pod: `earlier-${pod}` }),
  ...(instance && { instance: `earlier-${instance}` }),
})
