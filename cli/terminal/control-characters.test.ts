import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { harmless, oneLine } from './control-characters.ts'

describe('oneLine', () => {
  it('has a space in place of whatever ends a line, turns it or steers a terminal', () => {
    assert.equal(oneLine('a\u001B]0;x\u0007b\r\n\tc\u009Bd\u202Ee\u2029f'), 'a ]0;x b c d e f')
  })

  it('leaves letters and signs of every script as they are', () => {
    assert.equal(oneLine('Größe 日本 😀 שלום'), 'Größe 日本 😀 שלום')
  })
})

describe('harmless', () => {
  it('keeps lines, tabs and pages, and shows where other control characters were', () => {
    const text = 'a\tb\n\fc'
    assert.equal(harmless(text), text)
    assert.equal(harmless('\u001B[2J\r\u0000\u007F\u009B'), '\uFFFD[2J\uFFFD\uFFFD\uFFFD\uFFFD')
  })

  it('leaves letters and signs of every script as they are', () => {
    assert.equal(harmless('Größe 日本 😀 \u200Fשלום'), 'Größe 日本 😀 \u200Fשלום')
  })
})
