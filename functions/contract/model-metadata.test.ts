import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseModelMetadata } from './model-metadata.ts'

const engine = {
  name: 'tesseract',
  version: '5.3.0',
  default_lang: 'eng',
  languages: { deu: '4.00', eng: '' },
}

describe('parseModelMetadata', () => {
  it('reads what is there of the engine and drops what it does not know', () => {
    const value = { name: 'ocr-model', inputs: [], engine: { ...engine, threads: 1 } }
    assert.deepEqual(parseModelMetadata(value), { engine })
  })

  for (const [problem, value] of Object.entries({
    'no object': 'x',
    nothing: undefined,
    'no engine': { name: 'ocr-model' },
    'no version': { engine: { ...engine, version: undefined } },
    'no default language': { engine: { ...engine, default_lang: null } },
    'a list of languages': { engine: { ...engine, languages: ['eng'] } },
    'a language without a version': { engine: { ...engine, languages: { eng: 4 } } },
  })) {
    it(`takes ${problem} for a bad upstream`, () => {
      assert.throws(() => parseModelMetadata(value), { name: 'OcrError', kind: 'bad_upstream' })
    })
  }
})
