import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { loadSettings } from '../settings.ts'
import { telemetrySettings } from './settings.ts'

const settings = telemetrySettings({ serviceName: 'ocr-test' })

const takes = (name: string, value: string): boolean => {
  try {
    loadSettings(settings, { [name]: value })
    return true
  } catch (error) {
    assert.match(String(error), new RegExp(name))
    return false
  }
}

describe('the settings of telemetry', () => {
  it('have metrics fetched and no traces sent, if nothing is set', () => {
    const { metricsExporter, metricsPort, tracesExporter, sdkDisabled } = loadSettings(settings, {})
    assert.deepEqual(
      [metricsExporter, metricsPort, tracesExporter, sdkDisabled],
      ['prometheus', 9464, 'none', 'false'],
    )
  })

  for (const [name, good, bad] of [
    [
      'OTEL_METRICS_EXPORTER',
      ['none', 'prometheus', 'otlp', 'prometheus,otlp', 'otlp,prometheus'],
      ['console', 'none,otlp', 'otlp,otlp', 'prometheus, otlp'],
    ],
    ['OTEL_TRACES_SAMPLER_ARG', ['0', '1', '0.5', '.25', '1.0', '0.0'], ['2', '-1', '1.5', '50%']],
    ['OTEL_METRIC_EXPORT_INTERVAL', ['100', '3600000'], ['99', '3600001']],
    ['OTEL_SDK_DISABLED', ['true', 'false'], ['yes']],
    [
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      ['http://collector:4318', 'https://otlp.example.com/in'],
      ['collector:4317', 'grpc://collector:4317', 'http://a b'],
    ],
    ['OTEL_SERVICE_NAME', ['ocr-gateway', 'a.b_c'], ['a b', 'x'.repeat(129)]],
  ] as const) {
    it(`take ${name} within its range, and refuse it beyond`, () => {
      for (const value of good) assert.ok(takes(name, value), value)
      for (const value of bad) assert.ok(!takes(name, value), value)
    })
  }
})
