import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { dueTimes, type Phase, phasesOf, profiles, requestsOf, spansOf } from './profile.ts'

const phase = (seconds: number, from: number, to: number): Phase => ({
  name: 'phase',
  seconds,
  from,
  to,
})
const near = (value: number | undefined, expected: number) =>
  assert.ok(Math.abs((value ?? Number.NaN) - expected) < 1e-9, `${value} is not ${expected}`)

describe('due times', () => {
  it('are evenly apart at a steady rate, the first at once and none at the end', () => {
    assert.deepEqual(dueTimes([phase(2, 2, 2)]), [0, 0.5, 1, 1.5])
  })

  it('are none in a time without a rate', () => {
    assert.deepEqual(dueTimes([phase(5, 0, 0)]), [])
    assert.deepEqual(dueTimes([]), [])
  })

  it('come ever faster while the rate climbs: n of them after the root of n', () => {
    const times = dueTimes([phase(4, 0, 8)])
    assert.equal(times.length, 16)
    times.forEach((time, n) => {
      near(time, Math.sqrt(n))
    })
  })

  it('come ever slower while the rate falls to nothing', () => {
    const times = dueTimes([phase(4, 8, 0)])
    assert.equal(times.length, 16)
    near(times[15], 3)
  })

  it('carry a part of a request over to the next phase', () => {
    // Half a request is due when the first phase ends, so the other half of the second one comes after 0.5 s.
    assert.deepEqual(dueTimes([phase(1.5, 1, 1), phase(2, 1, 1)]), [0, 1, 2, 3])
  })

  it('are in order and in their phases for every profile', () => {
    for (const profile of Object.values(profiles)) {
      const phases = phasesOf(profile)
      const times = dueTimes(phases)
      assert.deepEqual(
        times,
        times.toSorted((a, b) => a - b),
      )
      assert.equal(times.length, Math.ceil(requestsOf(phases)))
      assert.equal(times[0], profile.idle)
      const end = profile.idle + profile.ramp + profile.burst
      assert.ok((times.at(-1) ?? 0) < end)
      const inBurst = times.filter((time) => time >= profile.idle + profile.ramp)
      assert.equal(inBurst.length, profile.rate * profile.burst)
    }
  })
})

describe('spans', () => {
  const phases = phasesOf({ idle: 2, ramp: 3, burst: 4, rate: 1 })

  it('lie end to end, and the last one lasts as long as the run', () => {
    assert.deepEqual(spansOf(phases, 30), [
      { name: 'idle', from: 0, to: 2 },
      { name: 'ramp', from: 2, to: 5 },
      { name: 'burst', from: 5, to: 9 },
      { name: 'idle', from: 9, to: 30 },
    ])
  })

  it('are as planned in a run that ends as planned', () => {
    assert.equal(spansOf(phases, 11).at(-1)?.to, 11)
  })
})
