import { PercentUnit } from '@grafana/grafana-foundation-sdk/units'
import type { Row } from '../dashboard.ts'
import { modelPods } from '../metrics.ts'
import { distribution, lines } from '../panels/kinds.ts'
import { bucketsOf, meanOf, rateOf, shareOf } from '../promql/query.ts'

const { pages, pageConfidence } = modelPods

export const qualityRow: Row = {
  title: 'Quality',
  panels: [
    lines({
      title: 'Mean confidence by language',
      question:
        'How sure is the engine of what it reads? A fall with the same kind of documents is worse pictures or the wrong language.',
      unit: PercentUnit,
      width: 8,
      empty: 'no words',
      queries: [{ expr: meanOf(pageConfidence, { by: ['lang'] }), legend: '{{lang}}' }],
    }).max(1),
    distribution({
      title: 'Distribution of confidence',
      question: 'Are all pages read alike, or some well and some badly?',
      unit: PercentUnit,
      width: 8,
      empty: 'no words',
      queries: [{ expr: bucketsOf(pageConfidence), legend: '{{le}}' }],
    }),
    lines({
      title: 'Empty and failed pages',
      question:
        'On which part of the pages is nothing read, or is the reading given up? Backs of sheets are empty, too.',
      unit: PercentUnit,
      width: 8,
      empty: 'no pages',
      queries: [
        {
          expr: shareOf(rateOf(pages, { where: { outcome: 'empty' } }), rateOf(pages)),
          legend: 'empty',
        },
        {
          expr: shareOf(rateOf(pages, { where: { outcome: 'failed' } }), rateOf(pages)),
          legend: 'failed',
        },
      ],
    }),
  ],
}
