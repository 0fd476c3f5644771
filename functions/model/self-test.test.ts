import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import exampleResponse from '../contract/examples/infer-response.json' with { type: 'json' }
import { decodeOcrResult } from '../contract/ocr-tensors.ts'
import { selfTest } from './self-test.ts'

const result = decodeOcrResult(Buffer.from(JSON.stringify(exampleResponse)), undefined)

describe('the self-test', () => {
  it('reads one page in every slot at once', async () => {
    let calls = 0
    const all = Promise.withResolvers<void>()
    const recognize = async () => {
      if (++calls === 3) all.resolve()
      await all.promise
      return result
    }
    await selfTest({ recognize }, 3)
    assert.equal(calls, 3)
  })

  it('fails when a slot reads nothing', async () => {
    const recognize = async () => ({ ...result, document: { ...result.document, text: '' } })
    await assert.rejects(selfTest({ recognize }, 1), /read no text/)
  })
})
