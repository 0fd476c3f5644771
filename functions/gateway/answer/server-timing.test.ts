import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { serverTiming } from './server-timing.ts'

describe('serverTiming', () => {
  it('names the milliseconds of each step, and those of all to a tenth', () => {
    const timings = { queueMs: 0.2, decodeMs: 8.4, recognizeMs: 63, parseMs: 0 }
    const value = 'queue;dur=0.2, decode;dur=8.4, recognize;dur=63, parse;dur=0, total;dur=81.3'
    assert.equal(serverTiming(timings, 81.2999999), value)
  })
})
