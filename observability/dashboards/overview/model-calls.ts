import { RequestsPerSecond, Seconds, Short } from '@grafana/grafana-foundation-sdk/units'
import type { Row } from '../dashboard.ts'
import { gateway } from '../metrics.ts'
import { colored, lines, stacked } from '../panels/kinds.ts'
import { gaugeOf, orZero, quantileOf, rateOf } from '../promql/query.ts'

export const modelCallsRow: Row = {
  title: 'Calls of the model',
  panels: [
    lines({
      title: 'Time of a call',
      question:
        'How long does the gateway wait for the model? 95 % of the calls are faster than this; a start from zero is in it.',
      unit: Seconds,
      width: 6,
      empty: 'no calls',
      queries: [
        {
          expr: quantileOf(0.95, gateway.modelDuration, { by: ['operation'] }),
          legend: '{{operation}}',
        },
      ],
    }),
    stacked({
      title: 'Failed calls by kind',
      question: 'With what does the model fail, seen from the gateway?',
      unit: RequestsPerSecond,
      width: 6,
      empty: 'no failures',
      queries: [
        {
          expr: rateOf(gateway.modelDuration, {
            by: ['operation', 'error_type'],
            where: { error_type: { not: '' } },
          }),
          legend: '{{operation}} {{error_type}}',
        },
      ],
    }),
    lines({
      title: 'Retries',
      question: 'How often is the model called a second time, because it was not there at first?',
      unit: RequestsPerSecond,
      width: 6,
      queries: [{ expr: orZero(rateOf(gateway.modelRetries)), legend: 'retries' }],
    }),
    colored(
      stacked({
        title: 'Circuit breaker',
        question:
          'In how many pods of the gateway is the circuit closed? Where it is open, calls are refused at once, since the model is not there; half open, one call tries it.',
        unit: Short,
        width: 6,
        empty: 'no pods',
        queries: [{ expr: gaugeOf(gateway.circuit, { by: ['state'] }), legend: '{{state}}' }],
      }),
      { closed: 'green', half_open: 'yellow', open: 'red' },
    ),
  ],
}
