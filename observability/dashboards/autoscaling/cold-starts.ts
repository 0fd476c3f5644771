import { Seconds, Short } from '@grafana/grafana-foundation-sdk/units'
import type { Row } from '../dashboard.ts'
import { gateway, model, nodeOfBoth } from '../metrics.ts'
import { lines, stacked } from '../panels/kinds.ts'
import { aggregate, seriesWith } from '../promql/query.ts'

/** A pod counts as new for so many seconds: it is fetched several times, and does not hide the next one for long. */
const newFor = 300
const isNew = `time() - ${seriesWith(nodeOfBoth.started)} < ${newFor}`

const startPanel = (service: 'gateway' | 'model', { startDuration }: Service) =>
  lines({
    title: `Start of the ${service} by phase`,
    question: `How long does a pod of the ${service} take from the start of its process until it listens, is ready, and has answered its first request? The slowest of those started in the last five minutes; what Kubernetes does before that is not in it.`,
    unit: Seconds,
    width: 8,
    empty: 'no new pods',
    queries: [
      {
        expr: aggregate(
          'max',
          ['phase'],
          `${seriesWith(startDuration)} and on (job, instance) (${isNew})`,
        ),
        legend: '{{phase}}',
      },
    ],
  })

type Service = Pick<typeof gateway | typeof model, 'startDuration'>

export const coldStartsRow: Row = {
  title: 'Cold starts',
  panels: [
    startPanel('gateway', gateway),
    startPanel('model', model),
    stacked({
      title: 'New pods',
      question: 'How many pods were started in the last five minutes, and are still there?',
      unit: Short,
      width: 8,
      empty: 'no new pods',
      queries: [{ expr: aggregate('count', ['job'], isNew), legend: '{{job}}' }],
    }),
  ],
}
