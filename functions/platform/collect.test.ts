import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { describe, it } from 'node:test'
import { collect } from './collect.ts'

const chunksOf = (...sizes: number[]) =>
  Readable.from(
    sizes.map((size, index) => Buffer.alloc(size, index + 1)),
    { objectMode: false },
  )

describe('collect', () => {
  for (const announcedBytes of [undefined, 0, 350_001]) {
    it(`puts the chunks together, with ${announcedBytes ?? 'no'} bytes announced`, async () => {
      const chunks = chunksOf(1, 100_000, 250_000)
      const bytes = await collect(chunks, { announcedBytes, limitBytes: 400_000 })
      assert.equal(bytes.length, 350_001)
      assert.deepEqual([bytes[0], bytes[1], bytes[100_000], bytes[100_001]], [1, 2, 2, 3])
      assert.ok(bytes.buffer.byteLength <= 400_000)
    })
  }

  it('tells how much has come, not what is announced', async () => {
    const held: number[] = []
    const memory = { hold: (bytes: number) => void held.push(bytes) }
    const bytes = await collect(chunksOf(10, 20), {
      announcedBytes: 1_000,
      limitBytes: 1_000,
      memory,
    })
    assert.deepEqual(held, [10, 30])
    assert.ok(bytes.buffer.byteLength < 1_000)
  })

  it('counts more than was announced', async () => {
    const options = { announcedBytes: 5, limitBytes: 30 }
    assert.equal((await collect(chunksOf(10, 20), options)).length, 30)
    const longer = chunksOf(10, 21)
    await assert.rejects(collect(longer, options), { kind: 'payload_too_large' })
    assert.ok(longer.destroyed)
  })

  it('gives nothing of nothing', async () => {
    assert.equal((await collect([], { limitBytes: 1 })).length, 0)
  })
})
