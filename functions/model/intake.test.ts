import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { abortReason } from '../contract/errors.ts'
import { timeoutHeader } from '../contract/v2-rest.ts'
import { createAdmission } from '../platform/admission.ts'
import { withBody } from './intake.ts'

const post = (body: string, timeout?: string) =>
  new Request('http://host/', {
    method: 'POST',
    body,
    headers: timeout === undefined ? {} : { [timeoutHeader]: timeout },
  })

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

  const options = () => ({ admission: createAdmission({ limit: 1 }), maxBodyBytes: 10 })
  const untilAborted = (_body: Uint8Array, signal: AbortSignal) =>
    new Promise<never>((_resolve, reject) => {
      if (signal.aborted) reject(signal.reason)
      signal.addEventListener('abort', () => reject(signal.reason))
    })

  it('ends when the caller no longer waits', async () => {
    const limits = options()
    await assert.rejects(withBody(post('x', '20'), limits, untilAborted), {
      kind: 'deadline_exceeded',
      message: 'The request took longer than 0.02 s.',
    })
    assert.equal(limits.admission.admitted, 0)
  })

  it('counts the time that the body takes', async () => {
    const body = ReadableStream.from(
      (async function* () {
        yield Buffer.from('x')
        await setTimeout(50)
        yield Buffer.from('y')
      })(),
    )
    const headers = { [timeoutHeader]: '10' }
    const request = new Request('http://host/', { method: 'POST', body, headers, duplex: 'half' })
    const work = async (_body: Uint8Array, signal: AbortSignal) => signal.throwIfAborted()
    await assert.rejects(withBody(request, options(), work), { kind: 'deadline_exceeded' })
  })

  it('ends when the caller has gone, however long it would wait', async () => {
    for (const timeout of [undefined, '999999999']) {
      const controller = new AbortController()
      const request = new Request(post('x', timeout), { signal: controller.signal })
      const working = withBody(request, options(), (body, signal) => {
        setImmediate(() => controller.abort())
        return untilAborted(body, signal)
      })
      const isGone = (error: unknown) => abortReason(error).kind === 'client_gone'
      await assert.rejects(working, isGone)
    }
  })

  for (const timeout of ['1', '999999999']) {
    it(`takes a time of ${timeout} ms`, async () => {
      const length = await withBody(post('x', timeout), options(), async (body) => body.length)
      assert.equal(length, 1)
    })
  }

  for (const timeout of ['0', '00', '-5', '1.5', '1e3', '5s', '', '1000000000', '5, 5']) {
    it(`refuses a time of "${timeout}"`, async () => {
      const unwanted = () => assert.fail('there was work')
      const limits = options()
      await assert.rejects(withBody(post('x', timeout), limits, unwanted), {
        kind: 'invalid_request',
        message: 'The header ocr-timeout-ms must be whole milliseconds, from 1 to 999999999.',
      })
      assert.equal(limits.admission.admitted, 0)
    })
  }
})
