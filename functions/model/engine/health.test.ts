import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { createEngineHealth } from './health.ts'

/** Lets what waits for promises and timers of a millisecond go on. */
const soon = () => new Promise((resolve) => setTimeout(resolve, 20))

/** A health whose checks succeed or fail as the test says. */
function watched(t: TestContext, engine: { works: boolean }) {
  let checks = 0
  const changes: string[] = []
  const health = createEngineHealth({
    retryMs: 1,
    async check() {
      checks++
      if (!engine.works) throw new Error('no engine')
    },
    onChange: (cause) => changes.push(cause ? String(cause) : 'well'),
  })
  t.after(() => health.close())
  const fail = (times: number) => {
    for (let time = 0; time < times; time++) health.onLoad(false)
  }
  return { health, fail, changes, checks: () => checks }
}

describe('the health of the engine', () => {
  it('stays as it is with two failed starts in a row, and with more that are not in a row', async (t) => {
    const { health, fail, checks } = watched(t, { works: false })
    fail(2)
    health.onLoad(true)
    fail(2)
    await soon()
    assert.equal(checks(), 0)
    assert.equal(health.isHealthy, true)
  })

  it('is lost with three failed starts in a row, and comes back by itself', async (t) => {
    const engine = { works: false }
    const { health, fail, changes, checks } = watched(t, engine)
    fail(3)
    await soon()
    assert.equal(health.isHealthy, false)
    assert.ok(checks() > 1)
    engine.works = true
    await soon()
    assert.equal(health.isHealthy, true)
    assert.deepEqual(changes, ['Error: no engine', 'well'])
    engine.works = false
    fail(3)
    await soon()
    assert.equal(health.isHealthy, false)
  })

  it('is kept when a check succeeds, so that data of one language do not stop all others', async (t) => {
    const { health, fail, changes, checks } = watched(t, { works: true })
    fail(3)
    assert.equal(health.isHealthy, true)
    await soon()
    assert.equal(health.isHealthy, true)
    assert.deepEqual([checks(), changes], [1, []])
  })

  it('is no longer checked once it is closed', async (t) => {
    const { health, fail, checks } = watched(t, { works: false })
    fail(3)
    await soon()
    health.close()
    await soon()
    const before = checks()
    await soon()
    assert.equal(checks(), before)
  })
})
