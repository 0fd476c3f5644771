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
    const expected = /OCR_UPLOAD_MEMORY_BYTES must be at least 3 times OCR_MAX_UPLOAD_BYTES/
    assert.throws(() => checkSettings(withRoom(3 * 2 ** 21 - 1)), expected)
  })
})
