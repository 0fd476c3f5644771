import { NoUnit, Seconds } from '@grafana/grafana-foundation-sdk/units'
import type { Row } from '../dashboard.ts'
import { modelPods } from '../metrics.ts'
import { distribution, lines, stacked } from '../panels/kinds.ts'
import { percentilesOf } from '../panels/percentiles.ts'
import { amountRateOf, bucketsOf, quantileOf } from '../promql/query.ts'

export const timeRow: Row = {
  title: 'Where the time goes',
  panels: [
    lines({
      title: 'Recognition',
      question: 'How long does the engine take for one reading of a page, however it ends?',
      unit: Seconds,
      width: 8,
      empty: 'no readings',
      queries: percentilesOf(modelPods.recognitionDuration),
    }),
    distribution({
      title: 'Distribution of recognition',
      question: 'Are pages alike, or are there a few that take much longer?',
      unit: Seconds,
      width: 8,
      empty: 'no readings',
      queries: [
        {
          expr: bucketsOf(modelPods.recognitionDuration, { where: { outcome: 'read' } }),
          legend: '{{le}}',
        },
      ],
    }),
    lines({
      title: 'Steps of a page',
      question: 'How long does each step of the work on a page take? 95 % are faster than this.',
      unit: Seconds,
      width: 8,
      empty: 'no pages',
      queries: [
        { expr: quantileOf(0.95, modelPods.stageDuration, { by: ['stage'] }), legend: '{{stage}}' },
      ],
    }),
    stacked({
      title: 'Steps at work',
      question:
        'In which steps is the time spent? Seconds of work per second: how many of each go on side by side.',
      unit: NoUnit,
      width: 12,
      empty: 'no pages',
      queries: [
        { expr: amountRateOf(modelPods.stageDuration, { by: ['stage'] }), legend: '{{stage}}' },
      ],
    }),
    lines({
      title: 'Wait for a turn',
      question: 'How long does a page wait before anything is done for it?',
      unit: Seconds,
      width: 12,
      empty: 'no pages',
      queries: percentilesOf(modelPods.queueWait),
    }),
  ],
}
