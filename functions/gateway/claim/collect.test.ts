import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { describe, it } from 'node:test'
import { collect } from './collect.ts'

const meter = { hold: () => undefined }
const bodyOf = (...sizes: number[]) =>
  Readable.from(
    sizes.map((size, index) => Buffer.alloc(size, index + 1)),
    { objectMode: false },
  )

describe('collect', () => {
  for (const announcedBytes of [undefined, 350_001]) {
    it(`puts the chunks together, with ${announcedBytes ?? 'no'} bytes announced`, async () => {
      const body = bodyOf(1, 100_000, 250_000)
      const file = await collect({ announcedBytes, body }, { maxBytes: 400_000, meter })
      assert.equal(file.length, 350_001)
      assert.deepEqual([file[0], file[1], file[100_000], file[100_001]], [1, 2, 2, 3])
      assert.ok(file.buffer.byteLength <= 400_000)
    })
  }

  it('holds as much as has come, not what is announced', async () => {
    const held: number[] = []
    const body = bodyOf(10, 20)
    const hold = (bytes: number) => void held.push(bytes)
    await collect({ announcedBytes: 1_000, body }, { maxBytes: 1_000, meter: { hold } })
    assert.deepEqual(held, [10, 30])
  })

  it('counts more than was announced', async () => {
    const body = bodyOf(10, 20)
    assert.equal((await collect({ announcedBytes: 5, body }, { maxBytes: 30, meter })).length, 30)
    const longer = { announcedBytes: 5, body: bodyOf(10, 21) }
    await assert.rejects(collect(longer, { maxBytes: 30, meter }), { kind: 'payload_too_large' })
    assert.ok(longer.body.destroyed)
  })

  it('ends a body that is announced as too large', async () => {
    const body = bodyOf(10)
    const collecting = collect({ announcedBytes: 31, body }, { maxBytes: 30, meter })
    await assert.rejects(collecting, { kind: 'payload_too_large' })
    assert.ok(body.destroyed)
  })

  it('gives nothing of nothing', async () => {
    assert.equal(
      (await collect({ announcedBytes: 0, body: bodyOf() }, { maxBytes: 1, meter })).length,
      0,
    )
  })
})
