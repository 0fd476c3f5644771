import { RequestsPerSecond, Seconds } from '@grafana/grafana-foundation-sdk/units'
import type { Row } from '../dashboard.ts'
import { modelPods } from '../metrics.ts'
import { lines, stacked } from '../panels/kinds.ts'
import { percentilesOf } from '../panels/percentiles.ts'
import { meanOf, quantileOf, rateOf } from '../promql/query.ts'

const { requestDuration, callDuration, preprocess, predict, postprocess } = modelPods

export const protocolsRow: Row = {
  title: 'Protocols',
  panels: [
    lines({
      title: "KServe's steps of an inference request",
      question:
        "How long do parsing a request, the work on it and encoding its answer take, in KServe's own terms? 95 % are faster than this.",
      unit: Seconds,
      width: 12,
      empty: 'no requests',
      queries: [
        { expr: quantileOf(0.95, preprocess), legend: 'preprocess' },
        { expr: quantileOf(0.95, predict), legend: 'predict' },
        { expr: quantileOf(0.95, postprocess), legend: 'postprocess' },
      ],
    }),
    lines({
      title: 'Mean of these steps',
      question:
        'What do they take on average? The mean shows small steps that buckets are too wide for.',
      unit: Seconds,
      width: 12,
      empty: 'no requests',
      queries: [
        { expr: meanOf(preprocess), legend: 'preprocess' },
        { expr: meanOf(predict), legend: 'predict' },
        { expr: meanOf(postprocess), legend: 'postprocess' },
      ],
    }),
    stacked({
      title: 'HTTP requests by route and status',
      question: 'What is asked of the model by HTTP, and how does it end?',
      unit: RequestsPerSecond,
      width: 12,
      empty: 'no requests',
      queries: [
        {
          expr: rateOf(requestDuration, { by: ['http_route', 'http_response_status_code'] }),
          legend: '{{http_route}} {{http_response_status_code}}',
        },
      ],
    }),
    lines({
      title: 'Time of HTTP requests',
      question: 'How long do HTTP requests to the model take?',
      unit: Seconds,
      width: 12,
      empty: 'no requests',
      queries: percentilesOf(requestDuration),
    }),
    stacked({
      title: 'gRPC calls by method and status',
      question: 'What is asked of the model by gRPC, and how does it end? Status 0 is a success.',
      unit: RequestsPerSecond,
      width: 12,
      empty: 'no calls',
      queries: [
        {
          expr: rateOf(callDuration, { by: ['rpc_method', 'rpc_response_status_code'] }),
          legend: '{{rpc_method}} {{rpc_response_status_code}}',
        },
      ],
    }),
    lines({
      title: 'Time of gRPC calls',
      question: 'How long do gRPC calls take?',
      unit: Seconds,
      width: 12,
      empty: 'no calls',
      queries: percentilesOf(callDuration),
    }),
  ],
}
