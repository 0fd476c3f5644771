import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startLoad } from './open-loop.ts'

const clock = () => performance.now() / 1_000
/** So many times that are over already, so that nothing waits. */
const overdue = (count: number) => Array.from({ length: count }, () => clock())
const never = new AbortController().signal

describe('an open loop', () => {
  it('sends on while nothing is answered, and ends when all has been', async () => {
    const answers: Array<() => void> = []
    const { promise: allSent, resolve } = Promise.withResolvers<void>()
    const send = () =>
      new Promise<void>((answer) => {
        answers.push(answer)
        if (answers.length === 5) resolve()
      })
    const load = startLoad({ dueTimes: overdue(5), send, clock, mostUnderWay: 5, signal: never })
    await allSent
    assert.equal(load.underWay, 5)
    for (const answer of answers) answer()
    await load.ended
    assert.deepEqual([load.underWay, load.heldBack], [0, 0])
  })

  it('holds back what is due beyond the most that may be under way', async () => {
    const answers: Array<() => void> = []
    const send = () => new Promise<void>((answer) => void answers.push(answer))
    const load = startLoad({ dueTimes: overdue(5), send, clock, mostUnderWay: 4, signal: never })
    for (const answer of answers) answer()
    await load.ended
    assert.deepEqual([answers.length, load.heldBack], [4, 1])
  })

  it('waits for what is not due yet, and says by how much it was late', async () => {
    const begin = clock()
    const sent: number[] = []
    const send = async () => void sent.push(clock())
    const dueTimes = [begin - 1, begin + 0.05]
    const load = startLoad({ dueTimes, send, clock, mostUnderWay: 9, signal: never })
    await load.ended
    // Timers may be a hair early.
    assert.ok((sent[1] ?? 0) >= begin + 0.045, `${sent[1]}`)
    assert.ok(load.mostLate >= 1)
  })

  it('sends no more once its signal is aborted, while it waits as well', async () => {
    const stopping = new AbortController()
    let sent = 0
    const send = async () => {
      sent++
      stopping.abort()
    }
    const dueTimes = [clock(), clock() + 3_600, clock() + 3_601]
    const load = startLoad({ dueTimes, send, clock, mostUnderWay: 9, signal: stopping.signal })
    await load.ended
    assert.equal(sent, 1)
  })
})
