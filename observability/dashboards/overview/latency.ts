import { Seconds } from '@grafana/grafana-foundation-sdk/units'
import type { Row } from '../dashboard.ts'
import { gateway } from '../metrics.ts'
import { distribution, lines } from '../panels/kinds.ts'
import { percentilesOf } from '../panels/percentiles.ts'
import { bucketsOf, quantileOf } from '../promql/query.ts'
import { read } from './requests.ts'

export const latencyRow: Row = {
  title: 'Time to the answer',
  panels: [
    lines({
      title: 'Time to the answer to a document',
      question:
        'How long do callers wait for a document that is read? A start from zero is in it; in NDJSON it is the time to the last page.',
      unit: Seconds,
      width: 8,
      empty: 'no documents',
      queries: percentilesOf(gateway.requestDuration, { where: read }),
    }),
    distribution({
      title: 'Distribution of the time to the answer',
      question: 'Is there one kind of document, or are there fast and slow ones?',
      unit: Seconds,
      width: 8,
      empty: 'no documents',
      queries: [{ expr: bucketsOf(gateway.requestDuration, { where: read }), legend: '{{le}}' }],
    }),
    lines({
      title: 'Slow requests by route',
      question: 'Which routes are slow? 95 % of their requests are faster than this.',
      unit: Seconds,
      width: 8,
      empty: 'no requests',
      queries: [
        {
          expr: quantileOf(0.95, gateway.requestDuration, {
            by: ['http_request_method', 'http_route'],
          }),
          legend: '{{http_request_method}} {{http_route}}',
        },
      ],
    }),
  ],
}
