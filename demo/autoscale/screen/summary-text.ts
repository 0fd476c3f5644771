import { reasonsOf } from '../figures/failures.ts'
import type { Summary } from '../figures/summary.ts'
import type { Answer } from '../recording.ts'

const seconds = (value: number | null): string => (value === null ? '–' : `${value.toFixed(2)} s`)
const mostReasons = 5

/** The end of a run, for people. */
export function summaryText(summary: Summary, answers: readonly Answer[]): string {
  const { requests, read, refused, failed, heldBack, mostPods } = summary
  const rows: ReadonlyArray<readonly [string, string]> = [
    ['requests', `${requests}: ${read} read, ${refused} refused, ${failed} failed`],
    ...reasonsOf(answers)
      .slice(0, mostReasons)
      .map((reason) => ['', reason] as const),
    ...(heldBack > 0
      ? [['never sent', `${heldBack}, because too many were under way`] as const]
      : []),
    ['latency', `p50 ${seconds(summary.p50)}, p95 ${seconds(summary.p95)}`],
    ['most pods', mostPods ? `gateway ${mostPods.gateway}, model ${mostPods.model}` : '–'],
    ['first answer from zero', seconds(summary.firstAnswer)],
    ['model scaled up after', seconds(summary.scaledUpAfter)],
    ['back to zero after', seconds(summary.backToZeroAfter)],
  ]
  return rows.map(([name, value]) => `${name.padEnd(24)}${value}`).join('\n')
}
