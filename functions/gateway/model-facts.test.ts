import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { languagesSchema } from '../contract/answers.ts'
import { OcrError } from '../contract/errors.ts'
import { callFor } from './fixtures/call.ts'
import { createModelFacts } from './model-facts.ts'
import type { Call } from './upstream/call.ts'

const languages = { eng: '4.1.0', deu: '4.0.0', chi_sim: '', 'script/Latin': '4.1.0', equ: '3.0' }
const engine = { name: 'tesseract', version: '5.3.0', default_lang: 'eng', languages }
const call = callFor({ headers: { 'x-request-id': 'r1' } })

const factsBy = (metadata: (call: Call) => Promise<{ engine: typeof engine }>) =>
  createModelFacts({ metadata })
const facts = factsBy(async () => ({ engine }))

describe('languages', () => {
  it('are those of the model, with their names in English where there is one', async () => {
    const answer = await facts.languages(call)
    assert.deepEqual(answer, {
      default: 'eng',
      engine: { name: 'tesseract', version: '5.3.0' },
      languages: [
        { code: 'eng', name: 'English', data: '4.1.0' },
        { code: 'deu', name: 'German', data: '4.0.0' },
        { code: 'chi_sim', name: 'Simplified Chinese', data: '' },
        { code: 'script/Latin', data: '4.1.0' },
        { code: 'equ', data: '3.0' },
      ],
    })
    assert.deepEqual(languagesSchema.parse(answer), answer)
  })
})

describe('engineFor', () => {
  for (const [lang, data] of [
    [undefined, { eng: '4.1.0' }],
    ['deu', { deu: '4.0.0' }],
    ['deu+eng', { eng: '4.1.0', deu: '4.0.0' }],
    ['script/Latin', { 'script/Latin': '4.1.0' }],
    ['eng+tlh', { eng: '4.1.0' }],
    ['toString', {}],
  ] as const) {
    it(`has the data for the option lang ${lang}`, async () => {
      assert.deepEqual(await facts.engineFor(lang, call), { version: '5.3.0', data })
    })
  }

  it('takes every language of a default that has several', async () => {
    const several = factsBy(async () => ({ engine: { ...engine, default_lang: 'eng+deu' } }))
    const { data } = await several.engineFor(undefined, call)
    assert.deepEqual(data, { eng: '4.1.0', deu: '4.0.0' })
  })
})

for (const question of ['languages', 'engineFor'] as const) {
  describe(`the question for ${question}`, () => {
    const ask = (by: typeof facts) =>
      question === 'languages' ? by.languages(call) : by.engineFor('eng', call)
    it('asks by the call of the request', async () => {
      const calls: Call[] = []
      const recording = factsBy(async (call) => {
        calls.push(call)
        return { engine }
      })
      await ask(recording)
      assert.deepEqual(calls, [call])
    })

    it('fails as the model does', async () => {
      const error = new OcrError('model_unavailable', 'The model cannot be reached now.')
      await assert.rejects(ask(factsBy(() => Promise.reject(error))), error)
    })
  })
}
