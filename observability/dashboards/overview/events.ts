import { CountsPerSecond, Seconds, Short } from '@grafana/grafana-foundation-sdk/units'
import type { Row } from '../dashboard.ts'
import { gateway } from '../metrics.ts'
import { colored, lines, stacked } from '../panels/kinds.ts'
import { gaugeOf, orZero, quantileOf, rateOf } from '../promql/query.ts'

export const eventsRow: Row = {
  title: 'Events and results that are sent',
  panels: [
    colored(
      stacked({
        title: 'Events by outcome',
        question:
          'What becomes of events? failed: they can never be read and are answered with an event that says so, or refused; retried: the broker is to send them again.',
        unit: CountsPerSecond,
        width: 8,
        empty: 'no events',
        queries: [{ expr: rateOf(gateway.events, { by: ['outcome'] }), legend: '{{outcome}}' }],
      }),
      { recognized: 'green', failed: 'red', retried: 'yellow' },
    ),
    lines({
      title: 'Duplicates',
      question:
        'How many events come again, and are answered without another reading? Many are a broker that waits too short.',
      unit: CountsPerSecond,
      width: 8,
      queries: [{ expr: orZero(rateOf(gateway.eventDuplicates)), legend: 'duplicates' }],
    }),
    lines({
      title: 'Fetching of documents',
      question:
        'How long does it take to fetch a document that an event only names? 95 % are faster than this.',
      unit: Seconds,
      width: 8,
      empty: 'none fetched',
      queries: [
        { expr: quantileOf(0.95, gateway.fetchDuration, { by: ['scheme'] }), legend: '{{scheme}}' },
      ],
    }),
    stacked({
      title: 'Documents that could not be fetched',
      question: 'Why do documents that events name not come?',
      unit: CountsPerSecond,
      width: 6,
      empty: 'no failures',
      queries: [
        {
          expr: rateOf(gateway.fetchDuration, {
            by: ['scheme', 'error_type'],
            where: { error_type: { not: '' } },
          }),
          legend: '{{scheme}} {{error_type}}',
        },
      ],
    }),
    colored(
      stacked({
        title: 'Deliveries to the sink',
        question: 'Do results reach the sink? Those that are lost are in the log of the gateway.',
        unit: CountsPerSecond,
        width: 6,
        empty: 'no deliveries',
        queries: [
          { expr: rateOf(gateway.deliveryDuration, { by: ['outcome'] }), legend: '{{outcome}}' },
        ],
      }),
      { delivered: 'green', lost: 'red' },
    ),
    lines({
      title: 'Outbox',
      question:
        'How many results are to be sent, those that are still being read included? At the limit, a request for one more is answered with 429.',
      unit: Short,
      width: 6,
      empty: 'no sink',
      queries: [
        { expr: gaugeOf(gateway.outboxResults), legend: 'to be sent' },
        { expr: gaugeOf(gateway.outboxLimit), legend: 'limit' },
      ],
    }),
    lines({
      title: 'Time of a delivery',
      question: 'How fast does the sink take results? Tries that it refused are in it.',
      unit: Seconds,
      width: 6,
      empty: 'no deliveries',
      queries: [
        { expr: quantileOf(0.95, gateway.deliveryDuration), legend: '95 %' },
        { expr: quantileOf(0.5, gateway.deliveryDuration), legend: 'half' },
      ],
    }),
  ],
}
