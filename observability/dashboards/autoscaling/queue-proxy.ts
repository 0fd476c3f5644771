import { RequestsPerSecond, Seconds, Short } from '@grafana/grafana-foundation-sdk/units'
import type { Row } from '../dashboard.ts'
import { queueProxy } from '../metrics.ts'
import { lines, stacked } from '../panels/kinds.ts'
import { gaugeOf, quantileOf, rateOf } from '../promql/query.ts'

const legend = '{{kn_revision_name}}'

export const queueProxyRow: Row = {
  title: 'Requests at the pods (queue-proxy)',
  panels: [
    stacked({
      title: 'Queue depth by revision',
      question:
        'How many requests are in the pods, waiting or at work? Each pod tells it of the moment in which its last request came.',
      unit: Short,
      width: 12,
      empty: 'no pods',
      queries: [{ expr: gaugeOf(queueProxy.depth, { by: ['kn_revision_name'] }), legend }],
    }),
    stacked({
      title: 'Responses by revision and status',
      question: 'How do requests end as Knative sees them? What it answers itself is among them.',
      unit: RequestsPerSecond,
      width: 12,
      empty: 'no requests',
      queries: [
        {
          expr: rateOf(queueProxy.duration, {
            by: ['kn_revision_name', 'http_response_status_code'],
          }),
          legend: '{{kn_revision_name}} {{http_response_status_code}}',
        },
      ],
    }),
    lines({
      title: 'Time in the pod, half of the requests',
      question:
        'How long does a request take from its arrival at the pod, waiting for its turn included?',
      unit: Seconds,
      width: 12,
      empty: 'no requests',
      queries: [
        { expr: quantileOf(0.5, queueProxy.duration, { by: ['kn_revision_name'] }), legend },
      ],
    }),
    lines({
      title: 'Time in the pod, the slowest of twenty',
      question: 'How long do slow requests take there? 95 % are faster than this.',
      unit: Seconds,
      width: 12,
      empty: 'no requests',
      queries: [
        { expr: quantileOf(0.95, queueProxy.duration, { by: ['kn_revision_name'] }), legend },
      ],
    }),
  ],
}
