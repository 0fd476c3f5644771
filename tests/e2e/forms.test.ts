import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { problemSchema } from '../../functions/contract/answers.ts'
import {
  formOfManyParts,
  type MalformedForm,
  malformedForms,
} from '../documents/malformed-forms.ts'
import { upload } from '../services/requests.ts'
import { type Model, type Service, startGateway, startModel } from '../services/start.ts'

/** The machine may be busy with something else; a form is slow if it is so every time. */
const tries = 10

describe('a malformed form', () => {
  let model: Model
  let gateway: Service
  before(async () => {
    model = await startModel()
    gateway = await startGateway(model)
  })
  after(async () => {
    await gateway.stop()
    await model.stop()
  })

  async function send({ type, body }: MalformedForm) {
    const start = performance.now()
    const headers = { 'content-type': type }
    const answer = await fetch(`${gateway.url}/v1/ocr`, { method: 'POST', headers, body })
    const problem = problemSchema.parse(await answer.json())
    assert.equal(answer.headers.get('content-type'), 'application/problem+json')
    return { status: answer.status, problem, ms: performance.now() - start }
  }

  const forms = malformedForms()
  it(`is tried in ${forms.length} ways, at least 60`, () => assert.ok(forms.length >= 60))

  for (const form of forms) {
    it(`with ${form.problem} is the client's fault`, async () => {
      const { status, problem } = await send(form)
      assert.ok(status >= 400 && status < 500, `${status}: ${problem.detail}`)
    })
  }

  it('of 120,000 parts is refused within 100 ms', async () => {
    const form = formOfManyParts(120_000)
    let fastest = Number.POSITIVE_INFINITY
    for (let count = 0; count < tries && fastest > 100; count++) {
      const { status, ms } = await send(form)
      assert.equal(status, 400)
      fastest = Math.min(fastest, ms)
    }
    assert.ok(fastest <= 100, `${fastest} ms`)
  })

  it('leaves the gateway able to read', async () => {
    const answer = await upload(gateway, readFileSync('examples/invoice.png'))
    assert.equal(answer.status, 200)
  })
})
