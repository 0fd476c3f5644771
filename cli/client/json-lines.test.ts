import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { jsonLines } from './json-lines.ts'

/** A stream of bytes in pieces of a size. */
const streamOf = (text: string, size: number): ReadableStream<Uint8Array> => {
  const bytes = new TextEncoder().encode(text)
  return new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) {
        controller.enqueue(bytes.subarray(at, at + size))
      }
      controller.close()
    },
  })
}
const collect = async (stream: ReadableStream<Uint8Array>, maxLength?: number) => {
  const values: unknown[] = []
  for await (const value of jsonLines(stream, maxLength)) values.push(value)
  return values
}

describe('jsonLines', () => {
  const values = [{ text: 'Größe 日本 😀' }, { text: 'a\nb' }, 7]
  const text = values.map((value) => `${JSON.stringify(value)}\n`).join('')

  for (const size of [1, 2, 3, 7, 1_000]) {
    it(`reads lines in chunks of ${size}, whatever they cut through`, async () => {
      assert.deepEqual(await collect(streamOf(text, size)), values)
    })
  }

  it('reads a last line without an end, empty lines and those of Windows', async () => {
    assert.deepEqual(await collect(streamOf('\n1\r\n\r\n2', 2)), [1, 2])
  })

  it('has no values in an empty stream', async () => {
    assert.deepEqual(await collect(streamOf('', 1)), [])
  })

  it('takes a line up to the bound and none beyond, also one without an end', async () => {
    assert.deepEqual(await collect(streamOf('12345\n12345\n', 3), 5), [12_345, 12_345])
    await assert.rejects(collect(streamOf('123456\n', 3), 5), { code: 'unexpected_answer' })
    await assert.rejects(collect(streamOf('123456', 3), 5), { code: 'unexpected_answer' })
  })

  it('refuses a line that is no JSON', async () => {
    await assert.rejects(collect(streamOf('1\nx\n', 1)), { code: 'unexpected_answer' })
  })

  it('lets the stream go when the reader has enough', async () => {
    let isCancelled = false
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('1\n')),
      cancel: () => {
        isCancelled = true
      },
    })
    for await (const _ of jsonLines(endless)) break
    assert.ok(isCancelled)
  })
})
