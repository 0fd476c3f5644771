import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { integer, loadSettings, oneOf, text } from './settings.ts'

const settings = {
  pages: integer({ name: 'OCR_PAGES', help: '', fallback: 5, min: 1, max: 10 }),
  engine: oneOf({ name: 'OCR_ENGINE', help: '', fallback: 'warm', values: ['warm', 'oneshot'] }),
  name: text({ name: 'OCR_NAME', help: '', fallback: 'x', pattern: /^[a-z]+$/, range: 'letters' }),
}

describe('loadSettings', () => {
  it('takes the fallback for a variable that is unset or empty', () => {
    const values = { pages: 5, engine: 'warm', name: 'x' }
    assert.deepEqual(loadSettings(settings, {}), values)
    assert.deepEqual(loadSettings(settings, { OCR_PAGES: '', OCR_NAME: '' }), values)
  })

  it('reads what is set, at the limits too', () => {
    assert.equal(loadSettings(settings, { OCR_PAGES: '1' }).pages, 1)
    assert.equal(loadSettings(settings, { OCR_PAGES: '10' }).pages, 10)
    assert.equal(loadSettings(settings, { OCR_ENGINE: 'oneshot' }).engine, 'oneshot')
  })

  for (const raw of ['0', '11', '-1', '1.5', '1e1', 'five', '0x5', ' 5']) {
    it(`names the variable, the value and the range when OCR_PAGES is "${raw}"`, () => {
      assert.throws(() => loadSettings(settings, { OCR_PAGES: raw }), {
        message: `OCR_PAGES is "${raw}", but must be: 1–10`,
      })
    })
  }

  it('names every bad variable at once', () => {
    assert.throws(() => loadSettings(settings, { OCR_ENGINE: 'hot', OCR_NAME: '7' }), {
      message: [
        'OCR_ENGINE is "hot", but must be: warm, oneshot',
        'OCR_NAME is "7", but must be: letters',
      ].join('\n'),
    })
  })
})
