import {
  BytesPerSecondSI,
  CountsPerSecond,
  NoUnit,
  Short,
} from '@grafana/grafana-foundation-sdk/units'
import type { Row } from '../dashboard.ts'
import { modelPods } from '../metrics.ts'
import { colored, distribution, stacked } from '../panels/kinds.ts'
import { amountRateOf, bucketsOf, rateOf } from '../promql/query.ts'

export const throughputRow: Row = {
  title: 'Throughput',
  panels: [
    colored(
      stacked({
        title: 'Pages by outcome',
        question: 'How many pages are worked on per second, and are they read?',
        unit: CountsPerSecond,
        width: 8,
        empty: 'no pages',
        queries: [{ expr: rateOf(modelPods.pages, { by: ['outcome'] }), legend: '{{outcome}}' }],
      }),
      { read: 'green', empty: 'yellow', failed: 'red' },
    ),
    stacked({
      title: 'Words by language',
      question: 'How many words are read per second?',
      unit: CountsPerSecond,
      width: 8,
      empty: 'no words',
      queries: [{ expr: rateOf(modelPods.words, { by: ['lang'] }), legend: '{{lang}}' }],
    }),
    colored(
      stacked({
        title: 'Recognitions by outcome',
        question:
          'How do readings by the engine end? A page may have several of them; cancelled are those whose caller went away.',
        unit: CountsPerSecond,
        width: 8,
        empty: 'no readings',
        queries: [
          {
            expr: rateOf(modelPods.recognitionDuration, { by: ['outcome'] }),
            legend: '{{outcome}}',
          },
        ],
      }),
      { read: 'green', cancelled: 'blue', timeout: 'orange', crashed: 'red', unavailable: 'red' },
    ),
    stacked({
      title: 'Documents by type',
      question: 'What kinds of files come in?',
      unit: CountsPerSecond,
      width: 8,
      empty: 'no documents',
      queries: [{ expr: rateOf(modelPods.documentSize, { by: ['type'] }), legend: '{{type}}' }],
    }),
    stacked({
      title: 'Bytes in by type',
      question: 'How much comes in?',
      unit: BytesPerSecondSI,
      width: 8,
      empty: 'no documents',
      queries: [
        { expr: amountRateOf(modelPods.documentSize, { by: ['type'] }), legend: '{{type}}' },
      ],
    }),
    distribution({
      title: 'Pixels of a page',
      question: 'How large are pages when they are decoded? Time and memory grow with it.',
      unit: Short,
      width: 8,
      empty: 'no pages',
      queries: [{ expr: bucketsOf(modelPods.pagePixels), legend: '{{le}}' }],
    }),
    stacked({
      title: 'Pixels in',
      question:
        'How many pixels are decoded per second, and so how much work is there for each CPU?',
      unit: NoUnit,
      width: 8,
      empty: 'no pages',
      queries: [{ expr: amountRateOf(modelPods.pagePixels), legend: 'pixels per second' }],
    }),
  ],
}
