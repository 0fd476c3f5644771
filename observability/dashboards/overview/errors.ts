import { LocaleFormat, RequestsPerSecond } from '@grafana/grafana-foundation-sdk/units'
import type { Row } from '../dashboard.ts'
import { both, gateway, model } from '../metrics.ts'
import { lines, ranking, stacked } from '../panels/kinds.ts'
import { countOf, largestFirst, orZero, rateOf } from '../promql/query.ts'

export const errorsRow: Row = {
  title: 'Errors',
  panels: [
    stacked({
      title: 'Errors of the gateway by kind',
      question: 'What do callers get instead of a document?',
      unit: RequestsPerSecond,
      width: 12,
      empty: 'no errors',
      queries: [{ expr: rateOf(gateway.errors, { by: ['error_type'] }), legend: '{{error_type}}' }],
    }),
    stacked({
      title: 'Errors of the model by kind',
      question:
        'What does the gateway, or who calls the model directly, get instead of a document?',
      unit: RequestsPerSecond,
      width: 12,
      empty: 'no errors',
      queries: [{ expr: rateOf(model.errors, { by: ['error_type'] }), legend: '{{error_type}}' }],
    }),
    ranking({
      title: 'Most frequent errors',
      question: 'Which errors were there in this time, and how many of each?',
      unit: LocaleFormat,
      width: 8,
      empty: 'no errors',
      queries: [
        {
          expr: largestFirst(countOf(both.errors, { by: ['job', 'error_type'], over: '$__range' })),
          legend: '{{job}} {{error_type}}',
        },
      ],
    }).decimals(0),
    lines({
      title: 'Refused, to be sent again',
      question:
        'Who is sent away with 429? rate_limited is a caller who asks more often than allowed; overloaded is a service that is full.',
      unit: RequestsPerSecond,
      width: 8,
      queries: [
        {
          expr: orZero(rateOf(gateway.errors, { where: { error_type: 'rate_limited' } })),
          legend: 'rate_limited',
        },
        {
          expr: orZero(rateOf(gateway.errors, { where: { error_type: 'overloaded' } })),
          legend: 'overloaded',
        },
      ],
    }),
    lines({
      title: 'Dropped connections',
      question: 'Are connections closed unread, because there are too many of them?',
      unit: RequestsPerSecond,
      width: 8,
      empty: 'no pods',
      queries: [{ expr: rateOf(both.droppedConnections, { by: ['job'] }), legend: '{{job}}' }],
    }),
  ],
}
