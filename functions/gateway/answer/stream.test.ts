import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { Detail } from '../../contract/answer-formats.ts'
import { type StreamLine, streamLineSchema } from '../../contract/answers.ts'
import { OcrError, toOcrError } from '../../contract/errors.ts'
import { pageNumbered, resultOf } from '../fixtures/results.ts'
import { problemOf } from '../problem.ts'
import type { Progress, Reading } from '../recognize.ts'
import { streamBody, streamLines } from './stream.ts'

const start: Progress = { type: 'start', pageCount: 9, numbers: [2, 4] }
const pageOf = (number: number): Progress => ({ type: 'page', page: pageNumbered(number) })
const result = resultOf([2, 4], 9)
const toProblem = (thrown: unknown) => problemOf(toOcrError(thrown), 'r1')

/** A reading of these steps, and whether it has ended. */
function readingOf(...steps: Array<Progress | Error>) {
  const state = { isEnded: false }
  async function* read(): Reading {
    try {
      for (const step of steps) {
        if (step instanceof Error) throw step
        yield step
      }
      return result
    } finally {
      await turn()
      state.isEnded = true
    }
  }
  return { reading: read(), state }
}

async function linesOf(reading: Reading, detail: Detail = 'words') {
  const first = await reading.next()
  return streamLines({ first, reading, told: { detail, options: {} }, toProblem })
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

describe('streamLines', () => {
  it('are a start, the pages as they come, and an end with all that is not about one page', async () => {
    const lines = await all(await linesOf(readingOf(start, pageOf(4), pageOf(2)).reading))
    const { pages: _pages, ...document } = result.document
    assert.deepEqual(lines, [
      { type: 'start', pageCount: 9, pages: [2, 4] },
      { type: 'page', done: 1, total: 2, page: pageNumbered(4) },
      { type: 'page', done: 2, total: 2, page: pageNumbered(2) },
      { type: 'end', document: { ...document, timings: result.timings } },
    ])
    assert.deepEqual(
      lines.map((line) => streamLineSchema.parse(line)),
      lines,
    )
  })

  it('tell as much of a page as was asked for', async () => {
    for (const [detail, pattern] of [
      ['words', /"words":\[/],
      ['lines', /"lines":\[\{"box":\{[^}]*\},"text":"page 4"/],
      ['text', /"text":"page 4",(?!.*"blocks")/],
    ] as const) {
      const [, page] = await all(await linesOf(readingOf(start, pageOf(4)).reading, detail))
      assert.match(JSON.stringify(page), pattern)
    }
  })

  it('end with a problem when the reading fails after it has begun', async () => {
    const error = new OcrError('model_unavailable', 'The model cannot be reached now.')
    const lines = await all(await linesOf(readingOf(start, pageOf(2), error).reading))
    assert.deepEqual(lines.slice(2), [{ type: 'error', problem: problemOf(error, 'r1') }])
    assert.equal(lines.length, 3)
  })

  it('end the reading when they are given up', async () => {
    const { reading, state } = readingOf(start, pageOf(2))
    const lines = await linesOf(reading)
    await lines.next()
    await lines.return()
    assert.equal(state.isEnded, true)
  })
})

describe('streamBody', () => {
  const { signal } = new AbortController()
  const held = () => {
    const state = { ends: 0 }
    return { state, onEnd: () => void state.ends++ }
  }

  it('is a line of JSON for each, and ends once', async () => {
    const { state, onEnd } = held()
    const { reading } = readingOf(start, pageOf(2), pageOf(4))
    const text = await new Response(streamBody(await linesOf(reading), { signal, onEnd })).text()
    assert.match(text, /\n$/)
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    assert.deepEqual(
      lines,
      await all(await linesOf(readingOf(start, pageOf(2), pageOf(4)).reading)),
    )
    assert.equal(state.ends, 1)
  })

  it('reads no further than somebody takes', async () => {
    let read = 0
    async function* lines(): AsyncGenerator<StreamLine, void> {
      for (;;) yield { type: 'start', pageCount: ++read, pages: [] }
    }
    const reader = streamBody(lines(), { signal, onEnd: () => undefined }).getReader()
    await turn()
    assert.equal(read, 1)
    await reader.read()
    await turn()
    assert.equal(read, 2)
    await reader.cancel()
  })

  it('ends the reading before it lets go of what was held for it', async () => {
    const { reading, state } = readingOf(start, pageOf(2), pageOf(4))
    const ends: boolean[] = []
    const body = streamBody(await linesOf(reading), {
      signal,
      onEnd: () => void ends.push(state.isEnded),
    })
    const reader = body.getReader()
    await reader.read()
    assert.deepEqual(ends, [])
    await reader.cancel()
    assert.deepEqual(ends, [true])
  })

  it('ends the reading even if nobody has asked for a line', async () => {
    const { reading, state } = readingOf(start, pageOf(2))
    const { state: holding, onEnd } = held()
    await streamBody(await linesOf(reading), { signal, onEnd }).cancel()
    assert.equal(state.isEnded, true)
    assert.equal(holding.ends, 1)
  })

  it('ends with a line that is under way when nobody wants it any more', async () => {
    const next = Promise.withResolvers<void>()
    const { state, onEnd } = held()
    async function* lines(): AsyncGenerator<StreamLine, void> {
      yield { type: 'start', pageCount: 1, pages: [1] }
      await next.promise
      yield { type: 'start', pageCount: 2, pages: [2] }
    }
    const reader = streamBody(lines(), { signal, onEnd }).getReader()
    await reader.read()
    const pending = reader.read()
    const cancelled = reader.cancel()
    assert.deepEqual(await pending, { done: true, value: undefined })
    assert.equal(state.ends, 0)
    next.resolve()
    await cancelled
    assert.equal(state.ends, 1)
  })

  it('lets go when a line cannot be written', async () => {
    const { state, onEnd } = held()
    async function* lines(): AsyncGenerator<StreamLine, void> {
      yield { type: 'start', pageCount: 1, pages: [1] }
      throw new RangeError('Invalid string length')
    }
    await assert.rejects(new Response(streamBody(lines(), { signal, onEnd })).text())
    assert.equal(state.ends, 1)
  })

  it('tells the rest and lets go when the time is over, although nobody takes a line', async () => {
    const time = new AbortController()
    const { state, onEnd } = held()
    async function* lines(): AsyncGenerator<StreamLine, void> {
      yield { type: 'start', pageCount: 1, pages: [1] }
      for (let number = 2; !time.signal.aborted; number++) {
        yield { type: 'start', pageCount: number, pages: [number] }
      }
      yield { type: 'start', pageCount: 99, pages: [99] }
    }
    const body = streamBody(lines(), { signal: time.signal, onEnd })
    await turn()
    assert.equal(state.ends, 0)
    time.abort()
    await turn()
    assert.equal(state.ends, 1)
    assert.match(await new Response(body).text(), /"pageCount":99,"pages":\[99\]\}\n$/)
    assert.equal(state.ends, 1)
  })

  it('lets go of a line that cannot be written when the time is over', async () => {
    const time = new AbortController()
    const { state, onEnd } = held()
    async function* lines(): AsyncGenerator<StreamLine, void> {
      yield { type: 'start', pageCount: 1, pages: [1] }
      throw new RangeError('Invalid string length')
    }
    const body = streamBody(lines(), { signal: time.signal, onEnd })
    await turn()
    time.abort()
    await turn()
    assert.equal(state.ends, 1)
    await assert.rejects(new Response(body).text(), RangeError)
  })
})
