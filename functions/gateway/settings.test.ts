import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { loadSettings } from '../platform/settings.ts'
import { checkSettings, gatewaySettings } from './settings.ts'

const withRoom = (bytes: number) =>
  loadSettings(gatewaySettings, {
    OCR_MAX_UPLOAD_BYTES: String(2 ** 21),
    OCR_UPLOAD_MEMORY_BYTES: String(bytes),
  })

describe('the settings of the gateway', () => {
  it('go together when the largest upload has room', () => {
    checkSettings(withRoom(3 * 2 ** 21))
    checkSettings(loadSettings(gatewaySettings, {}))
  })

  it('do not when it has none', () => {
    const expected =
      /OCR_UPLOAD_MEMORY_BYTES is \d+, but must be at least 3 times OCR_MAX_UPLOAD_BYTES/
    assert.throws(() => checkSettings(withRoom(3 * 2 ** 21 - 1)), expected)
  })

  it('do not when the largest answer has no room', () => {
    const withAnswers = (bytes: number) =>
      loadSettings(gatewaySettings, {
        OCR_MAX_ANSWER_BYTES: String(2 ** 21),
        OCR_ANSWER_MEMORY_BYTES: String(bytes),
      })
    checkSettings(withAnswers(2 ** 21))
    assert.throws(
      () => checkSettings(withAnswers(2 ** 21 - 1)),
      /OCR_ANSWER_MEMORY_BYTES is 2097151, but must be at least OCR_MAX_ANSWER_BYTES, which is 2097152/,
    )
  })

  it('do not let events in by keys where nobody has one', () => {
    const settings = loadSettings(gatewaySettings, { OCR_EVENTS: 'keys', OCR_ACCESS: 'open' })
    assert.throws(() => checkSettings(settings), /OCR_EVENTS is keys, but OCR_ACCESS is open/)
  })

  for (const type of ['dev.ocr.document.recognized', 'dev.ocr.document.failed']) {
    it(`do not let results of the type ${type} come back as documents`, () => {
      const settings = loadSettings(gatewaySettings, { OCR_EVENT_TYPE: type })
      assert.throws(() => checkSettings(settings), /OCR_EVENT_TYPE is .* come back for ever/)
    })
  }

  for (const source of ['%', 'no-path', ' ', '/a#b', '/%zz']) {
    it(`do not have the source ${JSON.stringify(source)}, which is none`, () => {
      const load = () => loadSettings(gatewaySettings, { OCR_EVENT_SOURCE: source })
      assert.throws(load, /^Error: OCR_EVENT_SOURCE/)
    })
  }
})
