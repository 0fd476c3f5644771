import {
  BytesIEC,
  LocaleFormat,
  NoUnit,
  PercentUnit,
  Seconds,
} from '@grafana/grafana-foundation-sdk/units'
import type { Row } from '../dashboard.ts'
import { gateway, model, nodeOfBoth } from '../metrics.ts'
import { objectives } from '../objectives.ts'
import { figure, lines, stacked, total } from '../panels/kinds.ts'
import { countOf, gaugeOf, orZero, quantileOf, rateOf, shareOf } from '../promql/query.ts'
import { documents, failed } from './requests.ts'

export const atAGlance: Row = {
  title: 'At a glance',
  panels: [
    total({
      title: 'Total requests',
      question:
        'How many documents and events did the gateway answer in this time? Those of pods that came and went are counted, too.',
      unit: LocaleFormat,
      width: 4,
      queries: [
        {
          expr: orZero(countOf(gateway.requestDuration, { where: documents, over: '$__range' })),
          legend: 'requests',
        },
      ],
    }).decimals(0),
    stacked({
      title: 'CPU',
      question:
        'How many CPUs do all pods together use, and for what? The engines are programs that the model starts.',
      unit: NoUnit,
      width: 5,
      queries: [
        { expr: rateOf(model.programCpu), legend: 'engines' },
        { expr: rateOf(nodeOfBoth.cpu, { by: ['job'] }), legend: '{{job}}' },
      ],
    }),
    stacked({
      title: 'Memory',
      question:
        'How much memory do all pods together use? Language data that engines share is counted for each of them.',
      unit: BytesIEC,
      width: 5,
      queries: [
        { expr: gaugeOf(model.engineMemory), legend: 'engines' },
        { expr: gaugeOf(nodeOfBoth.memory, { by: ['job'] }), legend: '{{job}}' },
      ],
    }),
    lines({
      title: 'Latency',
      question: 'How long do callers wait for the answer to a document?',
      unit: Seconds,
      width: 5,
      queries: [
        { expr: quantileOf(0.95, gateway.requestDuration, { where: documents }), legend: '95 %' },
        { expr: quantileOf(0.5, gateway.requestDuration, { where: documents }), legend: 'half' },
      ],
    }),
    figure({
      title: 'Error rate',
      question:
        'Which part of the documents and events fails for a reason of ours: 5xx, or 429 for want of room?',
      unit: PercentUnit,
      width: 5,
      empty: 'no requests',
      queries: [
        {
          expr: shareOf(
            rateOf(gateway.requestDuration, { where: failed }),
            rateOf(gateway.requestDuration, { where: documents }),
          ),
          legend: 'failed',
        },
      ],
      limits: [
        { from: objectives.failedShare, color: 'yellow' },
        { from: objectives.failedShare * objectives.burnRates.in6h, color: 'red' },
      ],
    }),
  ],
}
