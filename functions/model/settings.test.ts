import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { loadSettings } from '../platform/settings.ts'
import { checkSettings, modelSettings } from './settings.ts'

describe('the settings of the model', () => {
  const withRoom = (bytes: number) =>
    loadSettings(modelSettings, {
      OCR_MAX_BODY_BYTES: String(2 ** 21),
      OCR_UPLOAD_MEMORY_BYTES: String(bytes),
    })

  it('leave room for the largest body while it is decompressed', () => {
    checkSettings(withRoom(2 * 2 ** 21))
    checkSettings(loadSettings(modelSettings, {}))
  })

  it('are refused where they do not', () => {
    const expected =
      /OCR_UPLOAD_MEMORY_BYTES is \d+, but must be at least 2 times OCR_MAX_BODY_BYTES/
    assert.throws(() => checkSettings(withRoom(2 * 2 ** 21 - 1)), expected)
  })
})
