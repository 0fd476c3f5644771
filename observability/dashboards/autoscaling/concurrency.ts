import { NoUnit, Short } from '@grafana/grafana-foundation-sdk/units'
import type { Row } from '../dashboard.ts'
import { activator, autoscaler, both, control } from '../metrics.ts'
import { lines, stacked, states } from '../panels/kinds.ts'
import { gaugeOf } from '../promql/query.ts'

const revision = { by: ['kn_revision_name'], take: 'max' } as const

export const concurrencyRow: Row = {
  title: 'Concurrency',
  panels: [
    lines({
      title: 'Requests per pod, and the target',
      question:
        'How many requests does each pod have at once, over the long and the short window, and how many is it to have? Above the target, pods are added.',
      unit: Short,
      width: 12,
      empty: 'no service of Knative',
      queries: [
        { expr: gaugeOf(autoscaler.stable, revision), legend: '{{kn_revision_name}} stable' },
        { expr: gaugeOf(autoscaler.panic, revision), legend: '{{kn_revision_name}} panic' },
        { expr: gaugeOf(autoscaler.target, revision), legend: '{{kn_revision_name}} target' },
      ],
    }),
    stacked({
      title: 'Requests in flight',
      question:
        'How many requests do pods have that are ready? Compared with the activator: what it has more of is held there.',
      unit: Short,
      width: 12,
      empty: 'no pods',
      queries: [{ expr: gaugeOf(both.activeRequests, { by: ['job', 'pod'] }), legend: '{{pod}}' }],
    }),
    stacked({
      title: 'Requests through the activator',
      question:
        'Which requests go through the activator: those for services without a pod, or without room for a burst?',
      unit: Short,
      width: 12,
      empty: 'none',
      queries: [
        {
          expr: gaugeOf(activator.concurrency, { by: ['kn_revision_name'] }),
          legend: '{{kn_revision_name}}',
        },
      ],
    }),
    states(
      {
        title: 'Connection of the activator to the autoscaler',
        question: 'Could services have been waked? Without this connection none is.',
        unit: NoUnit,
        width: 12,
        empty: 'not measured',
        queries: [
          {
            expr: gaugeOf(control.reachable, { by: ['pod', 'peer'], take: 'max' }),
            legend: '{{pod}}',
          },
        ],
      },
      { 0: { text: 'lost', color: 'red' }, 1: { text: 'there', color: 'green' } },
    ),
  ],
}
