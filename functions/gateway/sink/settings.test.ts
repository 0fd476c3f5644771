import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { loadSettings } from '../../platform/settings.ts'
import { sinkSettings } from './settings.ts'

const load = (environment: Record<string, string>) => loadSettings(sinkSettings, environment)

describe('the settings of the sink', () => {
  it('name no sink and no extensions when SinkBinding has set nothing', () => {
    for (const environment of [{}, { K_SINK: '', K_CE_OVERRIDES: '' }]) {
      const { sinkUrl, ceOverrides } = load(environment)
      assert.deepEqual([sinkUrl, ceOverrides], ['', ''])
    }
  })

  it('take the URLs that Knative sets', () => {
    for (const url of [
      'http://broker-ingress.knative-eventing.svc.cluster.local/ocr/default',
      'https://sink.example.org:8443/a?b=c@d',
      'http://[::1]:8080',
    ]) {
      assert.equal(load({ K_SINK: url }).sinkUrl, url)
    }
  })

  it('refuse what is no URL of a sink, by the name of the variable', () => {
    for (const url of [
      'sink',
      'ftp://sink/',
      'http://',
      'http://[',
      'http://me@s/',
      'http://:p@s/',
    ]) {
      assert.throws(
        () => load({ K_SINK: url }),
        /^Error: K_SINK is ".*must be: an http or https URL/,
      )
    }
  })

  it('refuse overrides that are not valid, by the name of the variable and an example', () => {
    const expected =
      /^Error: K_CE_OVERRIDES is .*must be: JSON such as \{"extensions": \{"name": "value"\}\}/
    assert.throws(() => load({ K_CE_OVERRIDES: '{"extensions":{"a_b":"c"}}' }), expected)
    const valid = '{"extensions":{"tenant":"a"}}'
    assert.equal(load({ K_CE_OVERRIDES: valid }).ceOverrides, valid)
  })

  it('take numbers up to their limits, and none beyond', () => {
    for (const [name, least, most] of [
      ['OCR_SINK_QUEUE', 1, 10_000],
      ['OCR_SINK_TIMEOUT_MS', 10, 120_000],
      ['OCR_SINK_RETRIES', 0, 20],
    ] as const) {
      for (const value of [least, most]) load({ [name]: String(value) })
      for (const value of [least - 1, most + 1]) {
        assert.throws(() => load({ [name]: String(value) }), new RegExp(name))
      }
    }
  })
})
