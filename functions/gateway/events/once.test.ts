import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createOnce } from './once.ts'

const { signal } = new AbortController()

/** Work that ends when it is told to, and counts how often it was begun. */
function work(bytes = 1) {
  const ends: Array<{ resolve(value: string): void; reject(error: Error): void }> = []
  const signals: AbortSignal[] = []
  return {
    ends,
    signals,
    async run(signal: AbortSignal) {
      signals.push(signal)
      const { promise, resolve, reject } = Promise.withResolvers<string>()
      ends.push({ resolve, reject })
      return { value: await promise, bytes, isFinal: true }
    },
  }
}
const once = (change = {}) => createOnce<string>({ maxBytes: 2000, maxAgeMs: 60_000, ...change })

describe('work that is done once', () => {
  it('is shared by calls that come while it goes on, and by later ones', async () => {
    const { run } = once()
    const reading = work()
    const calls = Array.from({ length: 10 }, () => run('a', signal, reading.run))
    reading.ends[0]?.resolve('read')
    assert.deepEqual(await Promise.all(calls), Array(10).fill('read'))
    assert.equal(await run('a', signal, reading.run), 'read')
    assert.equal(reading.ends.length, 1)
  })

  it('tells of calls that share it, and not of the first one', async () => {
    let shared = 0
    const { run } = once({ onShared: () => void shared++ })
    const reading = work()
    const first = run('a', signal, reading.run)
    assert.equal(shared, 0)
    const second = run('a', signal, reading.run)
    assert.equal(shared, 1)
    reading.ends[0]?.resolve('read')
    await Promise.all([first, second])
    await run('a', signal, reading.run)
    assert.equal(shared, 2)
    void run('b', signal, reading.run)
    assert.equal(shared, 2)
  })

  it('can be looked up while it goes on, and later', async () => {
    const { run, find } = once()
    const reading = work()
    assert.equal(find('a'), undefined)
    const call = run('a', signal, reading.run)
    assert.deepEqual(find('a'), { state: 'running' })
    reading.ends[0]?.resolve('read')
    await call
    assert.deepEqual(find('a'), { state: 'done', value: 'read' })
  })

  it('is another one with another key', async () => {
    const { run } = once()
    const reading = work()
    const calls = ['a', 'b'].map((key) => run(key, signal, reading.run))
    reading.ends.forEach(({ resolve }, index) => {
      resolve(`${index}`)
    })
    assert.deepEqual(await Promise.all(calls), ['0', '1'])
  })

  it('is begun again after a failure, which all that waited see', async () => {
    const { run } = once()
    const reading = work()
    const calls = [run('a', signal, reading.run), run('a', signal, reading.run)]
    reading.ends[0]?.reject(new Error('busy'))
    for (const call of calls) await assert.rejects(call, /busy/)
    const again = run('a', signal, reading.run)
    reading.ends[1]?.resolve('read')
    assert.equal(await again, 'read')
  })

  it('goes on for those who wait when another one no longer does', async () => {
    const { run } = once()
    const reading = work()
    const gone = new AbortController()
    const [first, second] = [run('a', gone.signal, reading.run), run('a', signal, reading.run)]
    gone.abort(new Error('gone'))
    await assert.rejects(first, /gone/)
    assert.equal(reading.signals[0]?.aborted, false)
    reading.ends[0]?.resolve('read')
    assert.equal(await second, 'read')
  })

  it('ends when nobody waits for it, and the next call begins it anew', async () => {
    const { run } = once()
    const reading = work()
    const gone = new AbortController()
    const calls = [1, 2].map(() => run('a', gone.signal, reading.run))
    gone.abort(new Error('gone'))
    for (const call of calls) await assert.rejects(call, /gone/)
    assert.equal(reading.signals[0]?.reason.message, 'gone')
    const next = run('a', signal, reading.run)
    reading.ends[0]?.resolve('late')
    reading.ends[1]?.resolve('read')
    assert.equal(await next, 'read')
    assert.equal(await run('a', signal, reading.run), 'read')
  })

  it('is not begun for who has gone already', async () => {
    const reading = work()
    await assert.rejects(once().run('a', AbortSignal.abort(new Error('gone')), reading.run), /gone/)
    assert.equal(reading.ends.length, 0)
  })

  it('is not remembered when it may come to something else another time', async () => {
    const { run, find } = once()
    let count = 0
    const passing = async () => ({ value: `${++count}`, bytes: 1, isFinal: false })
    assert.equal(await run('a', signal, passing), '1')
    assert.equal(find('a'), undefined)
    assert.equal(await run('a', signal, passing), '2')
  })

  it('is remembered for so long and no longer', async () => {
    const { run } = once({ maxAgeMs: 20 })
    const at = async () => ({ value: 'read', bytes: 1, isFinal: true })
    let count = 0
    const counted = () => {
      count++
      return at()
    }
    await run('a', signal, counted)
    await run('a', signal, counted)
    assert.equal(count, 1)
    await pause(40)
    await run('a', signal, counted)
    assert.equal(count, 2)
  })

  it('is remembered as long as there is room, the oldest goes first', async () => {
    const { run } = once({ maxBytes: 2000 })
    const begun: string[] = []
    const read = (key: string, bytes: number) =>
      run(key, signal, async () => {
        begun.push(key)
        return { value: key, bytes, isFinal: true }
      })
    // With what an entry takes by itself there is room for two of these.
    await read('a', 800)
    await read('b', 800)
    await read('a', 800)
    await read('c', 801)
    await read('c', 801)
    await read('huge', 2000)
    await read('huge', 2000)
    await read('b', 800)
    assert.deepEqual(begun, ['a', 'b', 'c', 'huge', 'huge', 'b'])
  })
})
