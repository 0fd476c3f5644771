import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { recordedMetrics } from './fixtures/recorded-metrics.ts'
import { createGatewayMeter, observeParts } from './meter.ts'

describe('the metrics of the gateway', () => {
  const end = (error?: 'sink_unavailable' | 'reference_refused' | 'overloaded') => ({
    seconds: 0.2,
    error,
  })

  for (const [name, happen, series] of [
    [
      'ocr_document_size_bytes',
      (meter) => meter.onDocument('reference', 20_000),
      ['ocr_document_size_bytes_count{source="reference"} 1'],
    ],
    [
      'ocr_answers_total',
      (meter) => {
        meter.onAnswer('json', { isComplete: true })
        meter.onAnswer('pdf', { isComplete: false })
      },
      [
        'ocr_answers_total{format="json",complete="true"} 1',
        'ocr_answers_total{format="pdf",complete="false"} 1',
      ],
    ],
    [
      'ocr_events_total',
      (meter) => meter.onEvent('retried'),
      ['ocr_events_total{outcome="retried"} 1'],
    ],
    [
      'ocr_event_duplicates_total',
      (meter) => meter.onDuplicate(),
      ['ocr_event_duplicates_total 1'],
    ],
    [
      'ocr_model_request_duration_seconds',
      (meter) => {
        meter.onModelCall('count_pages', end())
        meter.onModelCall('recognize', end('overloaded'))
      },
      [
        'ocr_model_request_duration_seconds_count{operation="count_pages"} 1',
        'ocr_model_request_duration_seconds_count{operation="recognize",error_type="overloaded"} 1',
      ],
    ],
    ['ocr_model_retries_total', (meter) => meter.onModelRetry(), ['ocr_model_retries_total 1']],
    [
      'ocr_sink_delivery_duration_seconds',
      (meter) => {
        meter.onDelivery(end())
        meter.onDelivery(end('sink_unavailable'))
      },
      [
        'ocr_sink_delivery_duration_seconds_count{outcome="delivered"} 1',
        'ocr_sink_delivery_duration_seconds_count{outcome="lost"} 1',
      ],
    ],
    [
      'ocr_dataref_fetch_duration_seconds',
      (meter) => {
        meter.onFetch('s3', end())
        meter.onFetch(undefined, end('reference_refused'))
      },
      [
        'ocr_dataref_fetch_duration_seconds_count{error_type="reference_refused"} 1',
        'ocr_dataref_fetch_duration_seconds_count{scheme="s3"} 1',
      ],
    ],
  ] satisfies ReadonlyArray<
    [string, (meter: ReturnType<typeof createGatewayMeter>) => void, string[]]
  >) {
    it(`have ${name}`, async () => {
      const { instruments, seriesOf } = recordedMetrics()
      happen(createGatewayMeter(instruments))
      assert.deepEqual(await seriesOf(name), series)
    })
  }

  it('show what results wait, and whether the model is asked, whenever somebody looks', async () => {
    const { instruments, seriesOf } = recordedMetrics()
    const outbox = { results: 3, limit: 7 }
    const answers = { heldBytes: 9, limitBytes: 10 }
    const client = { circuitState: 'closed' as 'closed' | 'open' }
    observeParts(instruments, { outbox, answers, inferenceClient: client })
    const shown = async () => [
      ...(await seriesOf('ocr_outbox_results')),
      ...(await seriesOf('ocr_outbox_results_limit')),
      ...(await seriesOf('ocr_model_circuit_state')),
      ...(await seriesOf('ocr_answers_held_bytes')),
      ...(await seriesOf('ocr_answers_held_limit_bytes')),
    ]
    assert.deepEqual(await shown(), [
      'ocr_outbox_results 3',
      'ocr_outbox_results_limit 7',
      'ocr_model_circuit_state{state="closed"} 1',
      'ocr_model_circuit_state{state="half_open"} 0',
      'ocr_model_circuit_state{state="open"} 0',
      'ocr_answers_held_bytes 9',
      'ocr_answers_held_limit_bytes 10',
    ])
    Object.assign(outbox, { results: 0 })
    Object.assign(client, { circuitState: 'open' })
    const later = await shown()
    assert.equal(later[0], 'ocr_outbox_results 0')
    assert.deepEqual(later.slice(2), [
      'ocr_model_circuit_state{state="closed"} 0',
      'ocr_model_circuit_state{state="half_open"} 0',
      'ocr_model_circuit_state{state="open"} 1',
      'ocr_answers_held_bytes 9',
      'ocr_answers_held_limit_bytes 10',
    ])
  })

  it('tell nothing of an outbox where there is no sink', async () => {
    const { instruments, seriesOf } = recordedMetrics()
    const inferenceClient = { circuitState: 'closed' } as const
    const answers = { heldBytes: 0, limitBytes: 1 }
    observeParts(instruments, { inferenceClient, answers, outbox: undefined })
    assert.deepEqual(await seriesOf('ocr_outbox_results'), [])
  })
})
