import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { createLanes } from './lanes.ts'

/** Work that lasts until it is told to end. */
function work(name: string, begun: string[]) {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const run = () => {
    begun.push(name)
    return promise
  }
  return { run, end: () => resolve(name), fail: reject }
}

describe('lanes', () => {
  it('begin with so much at once, and with the rest in its order as lanes become free', async () => {
    const begun: string[] = []
    const lanes = createLanes(2)
    const works = ['a', 'b', 'c', 'd'].map((name) => work(name, begun))
    const results = works.map(({ run }) => lanes.run(run))
    await turn()
    assert.deepEqual(begun, ['a', 'b'])
    works[1]?.end()
    assert.equal(await results[1], 'b')
    await turn()
    assert.deepEqual(begun, ['a', 'b', 'c'])
    for (const { end } of works) end()
    assert.deepEqual(await Promise.all(results), ['a', 'b', 'c', 'd'])
  })

  it('are free again after work that failed', async () => {
    const lanes = createLanes(1)
    const error = new Error('failed')
    const failing = lanes.run(() => Promise.reject(error))
    const next = lanes.run(async () => 'next')
    await assert.rejects(failing, error)
    assert.equal(await next, 'next')
    const thrown = lanes.run(() => {
      throw error
    })
    await assert.rejects(thrown, error)
    assert.equal(await lanes.run(async () => 'last'), 'last')
  })

  it('never have more at work than the limit, whoever comes when one ends', async () => {
    const lanes = createLanes(3)
    let [now, most] = [0, 0]
    const step = async () => {
      most = Math.max(most, ++now)
      await turn()
      now--
    }
    const some = () => Array.from({ length: 20 }, () => lanes.run(step))
    await Promise.all([...some(), lanes.run(step).then(() => Promise.all(some()))])
    assert.deepEqual([now, most], [0, 3])
  })
})
