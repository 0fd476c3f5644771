import { NoUnit, Short } from '@grafana/grafana-foundation-sdk/units'
import type { Row } from '../dashboard.ts'
import { autoscaler } from '../metrics.ts'
import { colored, lines, states } from '../panels/kinds.ts'
import { gaugeOf } from '../promql/query.ts'

const service = { by: ['kn_service_name'], take: 'sum' } as const

export const podsRow: Row = {
  title: 'Pods',
  panels: [
    lines({
      title: 'Desired and ready pods by service',
      question:
        'Are there as many pods as there should be? The gap between the two is the time of a start.',
      unit: Short,
      width: 12,
      empty: 'no service of Knative',
      queries: [
        { expr: gaugeOf(autoscaler.desired, service), legend: '{{kn_service_name}} desired' },
        { expr: gaugeOf(autoscaler.ready, service), legend: '{{kn_service_name}} ready' },
      ],
    }),
    colored(
      lines({
        title: 'Pods on their way',
        question:
          'Where do pods hang? requested but pending: no node has room for them; not ready: they start; terminating: they finish what they have.',
        unit: Short,
        width: 12,
        empty: 'no service of Knative',
        queries: [
          { expr: gaugeOf(autoscaler.requested), legend: 'requested' },
          { expr: gaugeOf(autoscaler.notReady), legend: 'not ready' },
          { expr: gaugeOf(autoscaler.pending), legend: 'pending' },
          { expr: gaugeOf(autoscaler.terminating), legend: 'terminating' },
        ],
      }),
      { pending: 'red', 'not ready': 'yellow', requested: 'green', terminating: 'blue' },
    ),
    states(
      {
        title: 'Panic mode',
        question:
          'When were there so many requests at once that only the last seconds counted, and pods were only added?',
        unit: NoUnit,
        width: 12,
        empty: 'no service of Knative',
        queries: [
          {
            expr: gaugeOf(autoscaler.panicMode, { by: ['kn_revision_name'], take: 'max' }),
            legend: '{{kn_revision_name}}',
          },
        ],
      },
      { 0: { text: 'stable', color: 'green' }, 1: { text: 'panic', color: 'red' } },
    ),
    lines({
      title: 'Room for a burst',
      question:
        'How many more requests could come at once? Below 0 the activator stays in the way of requests and holds what pods cannot take.',
      unit: Short,
      width: 12,
      empty: 'no service of Knative',
      queries: [
        {
          expr: gaugeOf(autoscaler.excess, { by: ['kn_revision_name'], take: 'max' }),
          legend: '{{kn_revision_name}}',
        },
      ],
      limits: [{ color: 'red' }, { from: 0, color: 'green' }],
    }),
  ],
}
