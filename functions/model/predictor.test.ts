import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { OcrError } from '../contract/errors.ts'
import type { OcrResult } from '../contract/ocr-tensors.ts'
import { exampleResult, protocolOptions } from './fixtures/protocol.ts'

const never = new AbortController().signal
const images = (count: number) => Array.from({ length: count }, (_, index) => Buffer.from([index]))
const batch = (count: number) => ({ images: images(count), options: {} })
const resultFor = (image: Uint8Array): OcrResult => ({
  ...exampleResult,
  document: { ...exampleResult.document, text: `page ${image[0]}` },
})

describe('the predictor', () => {
  const { predictor } = protocolOptions()

  it('knows one model in one version', () => {
    predictor.requireModel('ocr-model')
    predictor.requireModel('ocr-model', '1')
    assert.throws(() => predictor.requireModel('other'), { kind: 'model_not_found' })
    assert.throws(() => predictor.requireModel(undefined), { kind: 'model_not_found' })
    assert.throws(() => predictor.requireModel('ocr-model', '2'), { kind: 'model_not_found' })
  })

  it('tells when to ask again while it is not ready', () => {
    predictor.requireReady()
    const starting = protocolOptions({ isReady: false }).predictor
    assert.equal(starting.isReady, false)
    assert.throws(() => starting.requireReady(), { kind: 'not_ready', retryAfterSeconds: 1 })
  })

  it('is not ready while engines cannot be started, which is told apart', () => {
    const { predictor: broken } = protocolOptions({ isHealthy: false })
    assert.equal(broken.isReady, false)
    assert.throws(() => broken.requireReady(), { kind: 'engine_unavailable', retryAfterSeconds: 5 })
  })
})

describe('a batch', () => {
  it('comes back in order, whichever image is read first', async () => {
    const { predictor } = protocolOptions({
      async recognize({ image }) {
        await new Promise((resolve) => setTimeout(resolve, image[0] === 0 ? 20 : 1))
        return resultFor(image)
      },
    })
    const results = await predictor.predict(batch(4), never)
    assert.deepEqual(
      results.map(({ document }) => document.text),
      ['page 0', 'page 1', 'page 2', 'page 3'],
    )
  })

  it('shares as many lanes as there are slots', async () => {
    let atOnce = 0
    let most = 0
    const { predictor } = protocolOptions({
      async recognize({ image }, signal, { lanes }) {
        using _lane = await lanes.acquire(signal)
        most = Math.max(most, ++atOnce)
        await new Promise(setImmediate)
        atOnce--
        return resultFor(image)
      },
    })
    await predictor.predict(batch(4), never)
    assert.equal(most, 2)
  })

  it('keeps pictures within what all requests together may hold, and holds none when it is over', async () => {
    const { predictor, receiving } = protocolOptions({
      uploadMemoryBytes: 1_000,
      async recognize({ image }, _signal, { keep }) {
        keep(400)
        return resultFor(image)
      },
    })
    await predictor.predict(batch(2), never)
    assert.equal(receiving.heldBytes, 0)
    using other = receiving.open()
    other.hold(201)
    await assert.rejects(predictor.predict(batch(2), never), { kind: 'overloaded' })
    assert.equal(receiving.heldBytes, 201)
  })

  it('may have as many images as allowed, and not one more', async () => {
    const { predictor } = protocolOptions({ maxBatch: 3 })
    assert.equal((await predictor.predict(batch(3), never)).length, 3)
    await assert.rejects(predictor.predict(batch(4), never), {
      kind: 'invalid_request',
      message: 'The batch has 4 images, more than the 3 allowed.',
    })
  })

  it('fails with the index of the bad image, and stops the others', async () => {
    const stopped: number[] = []
    const begun: number[] = []
    const { predictor } = protocolOptions({
      async recognize({ image }, signal) {
        const [index = 0] = image
        begun.push(index)
        if (index === 1) throw new OcrError('undecodable_image', 'Damaged.')
        return await new Promise<never>((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            stopped.push(index)
            reject(signal.reason)
          })
        })
      },
    })
    await assert.rejects(predictor.predict(batch(4), never), {
      kind: 'undecodable_image',
      message: 'At index 1 of the batch: Damaged.',
    })
    assert.deepEqual(
      [begun, stopped],
      [
        [0, 1, 2, 3],
        [0, 2, 3],
      ],
    )
  })

  it('of one image fails without an index', async () => {
    const { predictor } = protocolOptions({
      recognize: () => Promise.reject(new OcrError('undecodable_image', 'Damaged.')),
    })
    await assert.rejects(predictor.predict(batch(1), never), { message: 'Damaged.' })
  })

  it('ends as a whole when its client goes away', async () => {
    const controller = new AbortController()
    const { predictor } = protocolOptions({
      recognize: (_request, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason))
          if (signal.aborted) reject(signal.reason)
          controller.abort()
        }),
    })
    await assert.rejects(predictor.predict(batch(4), controller.signal), { kind: 'client_gone' })
  })
})

describe('counting the pages of a batch', () => {
  it('comes back in order and reads nothing', async () => {
    const { predictor } = protocolOptions({
      recognize: () => assert.fail('a page was read'),
      countPages: async ({ image }) => 10 + (image[0] ?? 0),
    })
    assert.deepEqual(await predictor.countPages(batch(3), never), [10, 11, 12])
  })

  it('fails with the first file that does, and tells which', async () => {
    const { predictor } = protocolOptions({
      async countPages({ image }) {
        if (image[0] === 1) throw new OcrError('encrypted_document', 'Encrypted.')
        return 1
      },
    })
    await assert.rejects(predictor.countPages(batch(2), never), {
      kind: 'encrypted_document',
      message: 'At index 1 of the batch: Encrypted.',
    })
  })

  it('has the limits of a batch and of a request', async () => {
    const { predictor } = protocolOptions({
      maxBatch: 3,
      requestTimeoutMs: 20,
      countPages: (_request, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason))
        }),
    })
    await assert.rejects(predictor.countPages(batch(4), never), { kind: 'invalid_request' })
    await assert.rejects(predictor.countPages(batch(3), never), { kind: 'deadline_exceeded' })
  })
})
