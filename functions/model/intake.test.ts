import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { abortReason } from '../contract/errors.ts'
import { timeoutHeader } from '../contract/v2-rest.ts'
import { createAdmission } from '../platform/admission.ts'
import { createReceiving } from '../platform/receiving.ts'
import { withBody } from './intake.ts'

const post = (body: string, timeout?: string) =>
  new Request('http://host/', {
    method: 'POST',
    body,
    headers: timeout === undefined ? {} : { [timeoutHeader]: timeout },
  })

/** What a body is: one image, as it came. */
const asImage = (body: Uint8Array) => ({ images: [body] })

type Input = ReturnType<typeof asImage>

const optionsOf = ({ places = 1, uploadMemoryBytes = 1_000 } = {}) => ({
  admission: createAdmission({ limit: places }),
  receiving: createReceiving({ limitBytes: uploadMemoryBytes }),
  maxBodyBytes: 10,
})

/** Does some work on bodies that are images. */
const withImage = <T>(
  request: Request,
  options: ReturnType<typeof optionsOf>,
  work: (input: Input, signal: AbortSignal) => Promise<T>,
) => withBody(request, options, { parse: asImage, work })

describe('withBody', () => {
  it('does the work while it holds a place', async () => {
    const options = optionsOf()
    const text = await withImage(post('0123456789'), options, async ({ images }) => {
      assert.equal(options.admission.admitted, 1)
      return Buffer.concat(images).toString()
    })
    assert.equal(text, '0123456789')
    assert.equal(options.admission.admitted, 0)
  })

  it('gives place and memory back when the work fails, or the body is too large or none of ours', async () => {
    const options = optionsOf()
    const failing = withImage(post('x'), options, () => Promise.reject(new Error('failed')))
    await assert.rejects(failing, /failed/)
    const unwanted = () => assert.fail('there was work')
    await assert.rejects(withImage(post('0123456789x'), options, unwanted), {
      kind: 'payload_too_large',
    })
    const parse = () => assert.fail('nothing can be made of it')
    await assert.rejects(withBody(post('x'), options, { parse, work: unwanted }), /can be made/)
    assert.deepEqual([options.admission.admitted, options.receiving.heldBytes], [0, 0])
  })

  it('is not done without a place', async () => {
    const refused = withImage(post('x'), optionsOf({ places: 0 }), () =>
      assert.fail('there was work'),
    )
    await assert.rejects(refused, { kind: 'overloaded' })
  })

  it('is not done where bodies take all the memory that they may, and is when they have ended', async () => {
    const options = optionsOf({ places: 3, uploadMemoryBytes: 10 })
    const others = options.receiving.open()
    others.hold(6)
    const read = () => withImage(post('12345'), options, async ({ images }) => images.length)
    await assert.rejects(read(), { kind: 'overloaded', retryAfterSeconds: 2 })
    others.hold(5)
    assert.equal(await read(), 1)
    assert.equal(options.receiving.heldBytes, 5)
  })

  for (const [what, parse, held] of [
    ['the body where an image is a view of it', asImage, 10],
    [
      'the images where they were decoded',
      () => ({ images: [Buffer.alloc(4), Buffer.alloc(3)] }),
      7,
    ],
    [
      'both where there is one of each',
      (body: Uint8Array) => ({ images: [body.subarray(5), Buffer.alloc(4)] }),
      14,
    ],
    ['nothing where there is no image', () => ({ images: [] }), 0],
  ] as const) {
    it(`holds for the work ${what}`, async () => {
      const options = optionsOf()
      const work = async () => options.receiving.heldBytes
      assert.equal(await withBody(post('0123456789'), options, { parse, work }), held)
      assert.equal(options.receiving.heldBytes, 0)
    })
  }

  it('gives the body up before the work, where no image is a view of it', async () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage = runInNewContext('gc') as () => void
    let given: WeakRef<Uint8Array> | undefined
    const parse = (body: Uint8Array) => {
      given = new WeakRef(body)
      return { images: [Buffer.alloc(1)] }
    }
    const work = async () => {
      await setTimeout(1)
      collectGarbage()
      return given?.deref()
    }
    assert.equal(await withBody(post('x'), optionsOf(), { parse, work }), undefined)
    const keeping = async () => {
      const kept: Uint8Array[] = []
      const parseKept = (body: Uint8Array) => {
        kept.push(body)
        return parse(body)
      }
      return await withBody(post('x'), optionsOf(), { parse: parseKept, work })
    }
    assert.ok(await keeping(), 'the test sees what is kept')
  })

  const untilAborted = (_input: Input, signal: AbortSignal) =>
    new Promise<never>((_resolve, reject) => {
      if (signal.aborted) reject(signal.reason)
      signal.addEventListener('abort', () => reject(signal.reason))
    })

  it('ends when the caller no longer waits', async () => {
    const limits = optionsOf()
    await assert.rejects(withImage(post('x', '20'), limits, untilAborted), {
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
    const work = async (_input: Input, signal: AbortSignal) => signal.throwIfAborted()
    await assert.rejects(withImage(request, optionsOf(), work), { kind: 'deadline_exceeded' })
  })

  it('ends when the caller has gone, however long it would wait', async () => {
    for (const timeout of [undefined, '999999999']) {
      const controller = new AbortController()
      const request = new Request(post('x', timeout), { signal: controller.signal })
      const working = withImage(request, optionsOf(), (input, signal) => {
        setImmediate(() => controller.abort())
        return untilAborted(input, signal)
      })
      const isGone = (error: unknown) => abortReason(error).kind === 'client_gone'
      await assert.rejects(working, isGone)
    }
  })

  for (const timeout of ['1', '999999999']) {
    it(`takes a time of ${timeout} ms`, async () => {
      const length = await withImage(
        post('x', timeout),
        optionsOf(),
        async ({ images }) => images.length,
      )
      assert.equal(length, 1)
    })
  }

  for (const timeout of ['0', '00', '-5', '1.5', '1e3', '5s', '', '1000000000', '5, 5']) {
    it(`refuses a time of "${timeout}"`, async () => {
      const unwanted = () => assert.fail('there was work')
      const limits = optionsOf()
      await assert.rejects(withImage(post('x', timeout), limits, unwanted), {
        kind: 'invalid_request',
        message: 'The header ocr-timeout-ms must be whole milliseconds, from 1 to 999999999.',
      })
      assert.equal(limits.admission.admitted, 0)
    })
  }
})
