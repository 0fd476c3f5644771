import { BytesIEC, PercentUnit, Short } from '@grafana/grafana-foundation-sdk/units'
import type { Row } from '../dashboard.ts'
import { both, gateway, model } from '../metrics.ts'
import { lines } from '../panels/kinds.ts'
import { fullest, gaugeOf } from '../promql/query.ts'

export const saturationRow: Row = {
  title: 'Saturation',
  panels: [
    lines({
      title: 'Fullest pod',
      question:
        'Is there a pod that is about to refuse, and for want of what? At 100 % more is answered with 429, or waits for an engine.',
      unit: PercentUnit,
      width: 12,
      empty: 'no pods',
      queries: [
        {
          expr: fullest(both.admittedRequests, both.admittedLimit, ['job']),
          legend: 'places of {{job}}',
        },
        {
          expr: fullest(both.heldBytes, both.heldLimit, ['job']),
          legend: 'uploads in memory of {{job}}',
        },
        {
          expr: fullest(gateway.answerBytes, gateway.answerLimit),
          legend: 'long answers in memory',
        },
        { expr: fullest(gateway.outboxResults, gateway.outboxLimit), legend: 'results to be sent' },
        { expr: fullest(model.slotsBusy, model.slotsLimit), legend: 'engines' },
      ],
      limits: [
        { from: 0.8, color: 'yellow' },
        { from: 1, color: 'red' },
      ],
    }),
    lines({
      title: 'Requests with a place',
      question: 'How many requests have a place, and how many places are there in all pods?',
      unit: Short,
      width: 12,
      empty: 'no pods',
      queries: [
        { expr: gaugeOf(both.admittedRequests, { by: ['job'] }), legend: '{{job}} taken' },
        { expr: gaugeOf(both.admittedLimit, { by: ['job'] }), legend: '{{job}} places' },
      ],
    }),
    lines({
      title: 'Uploads and long answers in memory',
      question: 'How much of the memory for them is taken, in all pods of each service?',
      unit: BytesIEC,
      width: 8,
      empty: 'no pods',
      queries: [
        { expr: gaugeOf(both.heldBytes, { by: ['job'] }), legend: '{{job}} uploads' },
        { expr: gaugeOf(both.heldLimit, { by: ['job'] }), legend: '{{job}} uploads, limit' },
        { expr: gaugeOf(gateway.answerBytes), legend: 'long answers' },
        { expr: gaugeOf(gateway.answerLimit), legend: 'long answers, limit' },
      ],
    }),
    lines({
      title: 'Queue for engines',
      question: 'Do pages wait for an engine in the model, and how many are being read?',
      unit: Short,
      width: 8,
      empty: 'no pods',
      queries: [
        { expr: gaugeOf(model.queuePages), legend: 'waiting' },
        { expr: gaugeOf(model.slotsBusy), legend: 'being read' },
        { expr: gaugeOf(model.slotsLimit), legend: 'engines' },
      ],
    }),
    lines({
      title: 'Requests not answered yet',
      question: 'How many requests are in each service, waiting or at work?',
      unit: Short,
      width: 8,
      empty: 'no pods',
      queries: [{ expr: gaugeOf(both.activeRequests, { by: ['job'] }), legend: '{{job}}' }],
    }),
  ],
}
