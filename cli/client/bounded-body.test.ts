import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readBounded } from './bounded-body.ts'

const endless = (onCancel: () => void) =>
  new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => controller.enqueue(new Uint8Array(10)),
    cancel: onCancel,
  })

describe('readBounded', () => {
  it('gives a body up to the bound, and none beyond', async () => {
    const body = () => new Response('12345')
    assert.deepEqual(await readBounded(body(), 5), new TextEncoder().encode('12345'))
    assert.equal(await readBounded(body(), 4), undefined)
  })

  it('puts chunks together in their order', async () => {
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start(controller) {
        for (const text of ['1', '', '23']) controller.enqueue(new TextEncoder().encode(text))
        controller.close()
      },
    })
    assert.equal(Buffer.from((await readBounded({ body }, 9)) ?? []).toString(), '123')
  })

  it('gives nothing for no body', async () => {
    assert.deepEqual(await readBounded(new Response(null), 0), new Uint8Array())
  })

  it('lets a stream go that has no end', async () => {
    let isCancelled = false
    const body = endless(() => {
      isCancelled = true
    })
    assert.equal(await readBounded({ body }, 1_000), undefined)
    assert.ok(isCancelled)
  })

  it('throws what reading throws', async () => {
    const body = new ReadableStream({ start: (controller) => controller.error(new Error('lost')) })
    await assert.rejects(readBounded({ body }, 5), { message: 'lost' })
  })
})
