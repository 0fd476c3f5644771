import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Failure } from './errors.ts'
import { type Line, readLines } from './stream.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

function bodyOf(chunks: ReadonlyArray<Uint8Array<ArrayBuffer>>, onCancel = () => {}) {
  const left = [...chunks]
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      const chunk = left.shift()
      if (chunk) controller.enqueue(chunk)
      else controller.close()
    },
    cancel: onCancel,
  })
}

async function linesOf(body: ReadableStream<Uint8Array<ArrayBuffer>>, maxLength?: number) {
  const lines: Line[] = []
  for await (const line of readLines(body, maxLength)) lines.push(line)
  return lines
}

const start = '{"type":"start","pageCount":1,"pages":[1]}'

describe('lines of an answer', () => {
  it('are the same wherever its chunks end, within a character too', async () => {
    const text = `${start}\n{"type":"error","problem":{"title":"Größe €"}}\n`
    const whole = await linesOf(bodyOf([bytes(text)]))
    assert.equal(whole.length, 2)
    for (const size of [1, 2, 3, 7, 50]) {
      const all = bytes(text)
      const chunks = Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
        all.slice(index * size, (index + 1) * size),
      )
      assert.deepEqual(await linesOf(bodyOf(chunks)), whole)
    }
  })

  it('need no end of the last one, and may be empty', async () => {
    assert.equal((await linesOf(bodyOf([bytes(`\n${start}\r\n\n${start}`)]))).length, 2)
  })

  it('are left out when they are of a type of later', async () => {
    const lines = await linesOf(bodyOf([bytes(`{"type":"hint"}\n${start}\n`)]))
    assert.deepEqual(
      lines.map(({ type }) => type),
      ['start'],
    )
  })

  for (const line of ['{"type":', '[]', 'null', '{"type":1}', '"start"']) {
    it(`are refused: ${line}`, async () => {
      await assert.rejects(linesOf(bodyOf([bytes(`${line}\n`)])), Failure)
    })
  }

  it('are refused beyond a length, and not at it', async () => {
    const body = () => bodyOf([bytes(start.slice(0, 20)), bytes(`${start.slice(20)}\n`)])
    assert.equal((await linesOf(body(), start.length)).length, 1)
    await assert.rejects(linesOf(body(), start.length - 1), Failure)
  })

  it('are not asked for any more by who leaves', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const body = bodyOf([bytes(`${start}\n`), bytes(`${start}\n`), bytes(`${start}\n`)], resolve)
    for await (const line of readLines(body)) {
      assert.equal(line.type, 'start')
      break
    }
    await promise
  })
})
