import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Failure } from './errors.ts'
import { answerEnd, pageOf } from './fixtures/pages.ts'
import { createReading } from './reading.ts'
import type { Asking } from './request.ts'
import { initialState, type State } from './state.ts'
import { createStore } from './store.ts'
import type { Line } from './stream.ts'

const source = { name: 'a.png', file: new Blob(['a']) }
const start: Line = { type: 'start', pageCount: 4, pages: [2, 3] }
const picture = { mediaType: 'image/png', width: 1, height: 1, data: btoa('x') }
const pageLine = (number: number): Line => ({
  type: 'page',
  done: 1,
  total: 2,
  page: pageOf([[['word', 0, 0]]], { number, picture }),
})
const end: Line = { type: 'end', document: answerEnd }

/** Reads by lines that a test sends one by one. */
function setUp() {
  const store = createStore<State>(initialState)
  const asked: Asking[] = []
  const revoked: string[] = []
  let send: ReadableStreamDefaultController<Line> | undefined
  const reading = createReading({
    store,
    revoke: (url) => revoked.push(url),
    gateway: {
      async *read(_file, _options, asking) {
        asked.push(asking)
        const lines = new ReadableStream<Line>({
          start(controller) {
            send = controller
          },
        })
        asking.signal.addEventListener('abort', () => send?.error(asking.signal.reason))
        yield* lines
      },
    },
  })
  return {
    store,
    asked,
    revoked,
    reading,
    async say(...lines: Line[]) {
      for (const line of lines) send?.enqueue(line)
      await new Promise(setImmediate)
    },
    close: () => send?.close(),
    fail: (error: unknown) => send?.error(error),
  }
}

describe('a reading', () => {
  it('has the pages as they come, and shows the first that was asked for', async () => {
    const { store, reading, say, close } = setUp()
    const done = reading.read(source)
    assert.equal(store.state.phase, 'reading')
    await say(start)
    assert.deepEqual([store.state.current, store.state.pageCount], [2, 4])
    await say(pageLine(3))
    assert.deepEqual([...store.state.pages.keys()], [3])
    await say(pageLine(2), end)
    close()
    await done
    assert.equal(store.state.phase, 'done')
    assert.equal(store.state.answer, answerEnd)
    assert.ok(store.state.tookMs > 0)
  })

  it('is cancelled with what it has read, and ends its request', async () => {
    const { store, reading, say, asked } = setUp()
    const done = reading.read(source)
    await say(start, pageLine(2))
    reading.cancel()
    await done
    assert.equal(asked[0]?.signal.aborted, true)
    assert.equal(store.state.phase, 'stopped')
    assert.equal(store.state.pages.size, 1)
    assert.equal(store.state.failure, undefined)
  })

  it('gives way to another, of which nothing of the first is part', async () => {
    const { store, reading, say, asked, revoked, close } = setUp()
    const first = reading.read(source)
    await say(start, pageLine(2))
    const second = reading.read({ ...source, name: 'b.png' })
    await first
    assert.deepEqual([asked[0]?.signal.aborted, asked[1]?.signal.aborted], [true, false])
    assert.equal(revoked.length, 1)
    await say(start, end)
    close()
    await second
    assert.deepEqual([store.state.source?.name, store.state.pages.size], ['b.png', 0])
  })

  it('fails with what went wrong, and can be done again by other options', async () => {
    const { store, reading, say, fail, close, asked } = setUp()
    const done = reading.read(source)
    await say(start)
    fail(new Failure({ title: 'Busy', detail: 'Later.' }))
    await done
    assert.deepEqual([store.state.phase, store.state.failure?.options.title], ['failed', 'Busy'])
    const options = { ...store.state.options, psm: '6' }
    store.update({ options })
    const again = reading.again()
    assert.deepEqual([store.state.failure, store.state.asked], [undefined, options])
    await say(start, end)
    close()
    await again
    assert.equal(asked.length, 2)
  })

  it('is not begun again while it goes on, nor without a document', async () => {
    const { reading, asked, say } = setUp()
    await reading.again()
    assert.equal(asked.length, 0)
    void reading.read(source)
    await say(start)
    await reading.again()
    assert.equal(asked.length, 1)
    reading.close()
  })

  it('is forgotten when its document is closed', async () => {
    const { store, reading, say, asked, revoked } = setUp()
    const done = reading.read(source)
    await say(start, pageLine(2))
    reading.close()
    await done
    assert.deepEqual([store.state.phase, store.state.source], ['empty', undefined])
    assert.deepEqual([asked[0]?.signal.aborted, revoked.length], [true, 1])
  })
})
