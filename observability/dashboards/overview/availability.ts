import { PercentUnit, Short } from '@grafana/grafana-foundation-sdk/units'
import type { Row } from '../dashboard.ts'
import { slo } from '../metrics.ts'
import { objectives } from '../objectives.ts'
import { lines, total } from '../panels/kinds.ts'
import { gaugeOf, totalOf } from '../promql/query.ts'

const { window, failedShare, slow, burnRates } = objectives
const promise = `${100 * (1 - failedShare)} %`
const failedInWindow = `${totalOf(slo.failed, window)} / (${totalOf(slo.requests, window)} > 0)`
const ofNamespaces = { by: ['namespace'], take: 'max' } as const

export const availabilityRow: Row = {
  title: 'Objectives (by the recording rules of rules/slo.yaml)',
  panels: [
    total({
      title: 'Availability',
      question: `Do we keep what we promise: that ${promise} of the requests with a document do not fail for a reason of ours? Over ${window}, as far back as Prometheus remembers.`,
      unit: PercentUnit,
      width: 4,
      empty: 'no requests',
      queries: [{ expr: `1 - ${failedInWindow}`, legend: 'availability' }],
      limits: [{ color: 'red' }, { from: 1 - failedShare, color: 'green' }],
    }).decimals(2),
    total({
      title: 'Error budget left',
      question: `Which part of the failures that are allowed in ${window} is left? Below 0 the promise is broken.`,
      unit: PercentUnit,
      width: 4,
      empty: 'no requests',
      queries: [{ expr: `1 - ${failedInWindow} / ${failedShare}`, legend: 'left' }],
      limits: [{ color: 'red' }, { from: 0.2, color: 'yellow' }, { from: 0.5, color: 'green' }],
    }).decimals(0),
    lines({
      title: 'Burn rate of the error budget',
      question: `How many times faster than allowed do requests fail? At 1 the budget lasts for just ${window}; at ${burnRates.in1h} over an hour or ${burnRates.in6h} over six, somebody is called.`,
      unit: Short,
      width: 8,
      empty: 'no requests',
      queries: [
        {
          expr: `${gaugeOf(slo.failedIn1h, ofNamespaces)} / ${failedShare}`,
          legend: '{{namespace}} over 1 h',
        },
        {
          expr: `${gaugeOf(slo.failedIn6h, ofNamespaces)} / ${failedShare}`,
          legend: '{{namespace}} over 6 h',
        },
      ],
      limits: [
        { from: 1, color: 'yellow' },
        { from: burnRates.in6h, color: 'orange' },
        { from: burnRates.in1h, color: 'red' },
      ],
    }),
    lines({
      title: 'Slow answers',
      question: `Which part of the documents that are read takes more than ${slow.seconds} s? We promise that it is less than ${100 * slow.share} %.`,
      unit: PercentUnit,
      width: 8,
      empty: 'no requests',
      queries: [
        { expr: gaugeOf(slo.slowIn1h, ofNamespaces), legend: '{{namespace}} over 1 h' },
        { expr: gaugeOf(slo.slowIn6h, ofNamespaces), legend: '{{namespace}} over 6 h' },
      ],
      limits: [
        { from: slow.share, color: 'yellow' },
        { from: 2 * slow.share, color: 'red' },
      ],
    }),
  ],
}
