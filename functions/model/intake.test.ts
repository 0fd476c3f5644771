import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createAdmission } from '../platform/admission.ts'
import { withBody } from './intake.ts'

const post = (body: string) => new Request('http://host/', { method: 'POST', body })

describe('withBody', () => {
  it('works on the body while it holds a place', async () => {
    const admission = createAdmission({ limit: 1 })
    const options = { admission, maxBodyBytes: 10 }
    const text = await withBody(post('0123456789'), options, async (body) => {
      assert.equal(admission.admitted, 1)
      return Buffer.from(body).toString()
    })
    assert.equal(text, '0123456789')
    assert.equal(admission.admitted, 0)
  })

  it('gives the place back when the work fails or the body is too large', async () => {
    const admission = createAdmission({ limit: 1 })
    const options = { admission, maxBodyBytes: 10 }
    const failing = withBody(post('x'), options, () => Promise.reject(new Error('failed')))
    await assert.rejects(failing, /failed/)
    const unwanted = () => assert.fail('there was work')
    await assert.rejects(withBody(post('0123456789x'), options, unwanted), {
      kind: 'payload_too_large',
    })
    assert.equal(admission.admitted, 0)
  })

  it('is not done without a place', async () => {
    const options = { admission: createAdmission({ limit: 0 }), maxBodyBytes: 10 }
    const refused = withBody(post('x'), options, () => assert.fail('there was work'))
    await assert.rejects(refused, { kind: 'overloaded' })
  })
})
