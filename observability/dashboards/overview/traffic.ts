import {
  BytesPerSecondSI,
  CountsPerSecond,
  RequestsPerSecond,
  Short,
} from '@grafana/grafana-foundation-sdk/units'
import type { Row } from '../dashboard.ts'
import { both, gateway } from '../metrics.ts'
import { stacked } from '../panels/kinds.ts'
import { amountRateOf, gaugeOf, orZero, rateOf } from '../promql/query.ts'

export const trafficRow: Row = {
  title: 'Traffic',
  panels: [
    stacked({
      title: 'Requests by route',
      question: 'What is asked of the gateway, and how often?',
      unit: RequestsPerSecond,
      width: 12,
      empty: 'no requests',
      queries: [
        {
          expr: rateOf(gateway.requestDuration, { by: ['http_request_method', 'http_route'] }),
          legend: '{{http_request_method}} {{http_route}}',
        },
      ],
    }),
    stacked({
      title: 'Requests by outcome',
      question:
        'How do requests end? 4xx is what callers did wrong or too often, 499 that they went away, 5xx what we did wrong.',
      unit: RequestsPerSecond,
      width: 12,
      empty: 'no requests',
      queries: [
        {
          expr: rateOf(gateway.requestDuration, { by: ['http_response_status_code'] }),
          legend: '{{http_response_status_code}}',
        },
      ],
    }),
    stacked({
      title: 'Answers by format',
      question: 'In which formats are documents answered?',
      unit: CountsPerSecond,
      width: 6,
      empty: 'no answers',
      queries: [{ expr: rateOf(gateway.answers, { by: ['format'] }), legend: '{{format}}' }],
    }),
    stacked({
      title: 'Answers with and without all pages',
      question: 'Are there documents of which a page could not be read?',
      unit: CountsPerSecond,
      width: 6,
      empty: 'no answers',
      queries: [
        {
          expr: orZero(rateOf(gateway.answers, { where: { complete: 'true' } })),
          legend: 'all pages',
        },
        {
          expr: orZero(rateOf(gateway.answers, { where: { complete: 'false' } })),
          legend: 'pages missing',
        },
      ],
    }),
    stacked({
      title: 'Bytes taken in',
      question: 'How much comes in with requests, with events, and by being fetched for events?',
      unit: BytesPerSecondSI,
      width: 6,
      empty: 'no documents',
      queries: [
        { expr: amountRateOf(gateway.documentSize, { by: ['source'] }), legend: '{{source}}' },
      ],
    }),
    stacked({
      title: 'Pods by version',
      question: 'Which version runs in how many pods, and since when?',
      unit: Short,
      width: 6,
      empty: 'no pods',
      queries: [
        { expr: gaugeOf(both.build, { by: ['job', 'version'] }), legend: '{{job}} {{version}}' },
      ],
    }),
  ],
}
