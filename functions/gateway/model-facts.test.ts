import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { languagesSchema } from '../contract/answers.ts'
import { OcrError } from '../contract/errors.ts'
import { createModelFacts } from './model-facts.ts'
import { type Call, untilAborted } from './upstream/call.ts'

const languages = { eng: '4.1.0', deu: '4.0.0', chi_sim: '', 'script/Latin': '4.1.0', equ: '3.0' }
const engine = { name: 'tesseract', version: '5.3.0', default_lang: 'eng', languages }
const origin = { headers: { 'x-request-id': 'r1' }, signal: new AbortController().signal }

const factsBy = (
  metadata: (call: Call) => Promise<{ engine: typeof engine }>,
  modelTimeoutMs = 60_000,
) => createModelFacts({ inferenceClient: { metadata }, modelTimeoutMs })
const facts = factsBy(async () => ({ engine }))

describe('languages', () => {
  it('are those of the model, with their names in English where there is one', async () => {
    const answer = await facts.languages(origin)
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
      assert.deepEqual(await facts.engineFor(lang, origin), { version: '5.3.0', data })
    })
  }

  it('takes every language of a default that has several', async () => {
    const several = factsBy(async () => ({ engine: { ...engine, default_lang: 'eng+deu' } }))
    const { data } = await several.engineFor(undefined, origin)
    assert.deepEqual(data, { eng: '4.1.0', deu: '4.0.0' })
  })
})

for (const question of ['languages', 'engineFor'] as const) {
  describe(`the question for ${question}`, () => {
    const ask = (by: typeof facts, of = origin) =>
      question === 'languages' ? by.languages(of) : by.engineFor('eng', of)
    const never = ({ signal }: Call) => untilAborted(signal, Promise.withResolvers<never>().promise)

    it('passes the headers on, and by when the answer is wanted', async () => {
      const calls: Call[] = []
      const before = performance.now()
      const recording = factsBy(async (call) => {
        calls.push(call)
        return { engine }
      })
      await ask(recording)
      const [call] = calls
      assert.ok(call && calls.length === 1)
      assert.deepEqual(call.headers, origin.headers)
      assert.ok(call.deadlineAt >= before + 60_000)
    })

    it('ends in time', async () => {
      await assert.rejects(ask(factsBy(never, 10)), { kind: 'deadline_exceeded' })
    })

    it('ends with the client', async () => {
      const client = new AbortController()
      const answer = ask(factsBy(never), { ...origin, signal: client.signal })
      client.abort()
      await assert.rejects(answer, { kind: 'client_gone' })
    })

    it('fails as the model does', async () => {
      const error = new OcrError('model_unavailable', 'The model cannot be reached now.')
      await assert.rejects(ask(factsBy(() => Promise.reject(error))), error)
    })
  })
}
