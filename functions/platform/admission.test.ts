import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { OcrError } from '../contract/errors.ts'
import { type Admission, createAdmission } from './admission.ts'

describe('admission', () => {
  it('admits up to the limit and refuses the next with a time to retry', () => {
    const admission = createAdmission({ limit: 2 })
    admission.admit()
    admission.admit()
    assert.throws(() => admission.admit(), { kind: 'overloaded', retryAfterSeconds: 1 })
    assert.equal(admission.admitted, 2)
  })

  it('says whether there is room without taking it', () => {
    const admission = createAdmission({ limit: 1 })
    admission.requireRoom()
    admission.requireRoom()
    assert.equal(admission.admitted, 0)
    admission.admit()
    assert.throws(() => admission.requireRoom(), { kind: 'overloaded', retryAfterSeconds: 1 })
  })

  it('refuses in the words that it was given', () => {
    const refusal = { kind: 'rate_limited', message: 'One at a time.' } as const
    const admission = createAdmission({ limit: 1, refusal })
    admission.admit()
    assert.throws(() => admission.admit(), { ...refusal, retryAfterSeconds: 1 })
  })

  it('has a place again once one was given back, however often that is said', () => {
    const admission = createAdmission({ limit: 1 })
    const place = admission.admit()
    place[Symbol.dispose]()
    place[Symbol.dispose]()
    assert.equal(admission.admitted, 0)
    admission.admit()
    assert.throws(() => admission.admit(), { kind: 'overloaded' })
  })

  describe('asks callers to wait', () => {
    /** Admits as many requests as there is room for, and has `parallel` at a time take so long. */
    function busyFor(ms: number, options: { limit: number; parallel?: number }) {
      const { limit, parallel = limit } = options
      let now = 0
      const admission = createAdmission({ ...options, now: () => now })
      for (let round = 0; round < 100; round++) {
        const places = Array.from({ length: limit }, () => admission.admit())
        while (places.length > 0) {
          now += ms
          for (const place of places.splice(0, parallel)) place[Symbol.dispose]()
        }
      }
      return admission
    }

    const fill = (admission: Admission, places = admission.limit) => {
      for (let place = 0; place < places; place++) admission.admit()
    }
    const waitOf = (admission: Admission, caller?: string): unknown => {
      try {
        admission.requireRoom(caller)
      } catch (error) {
        return error instanceof OcrError && error.retryAfterSeconds
      }
      return assert.fail('there was room')
    }

    it('for a second before a request has been measured', () => {
      const admission = createAdmission({ limit: 3 })
      fill(admission)
      assert.equal(waitOf(admission), 1)
    })

    it('for about as long as requests took lately', () => {
      const admission = busyFor(7_500, { limit: 1 })
      fill(admission)
      assert.equal(waitOf(admission), 8)
    })

    it('until those before them are done, however long these have waited themselves', () => {
      const admission = busyFor(1_000, { limit: 20, parallel: 2 })
      fill(admission)
      // Ten rounds of a second, and what the first in an odd place have waited for their neighbour.
      assert.equal(waitOf(admission), 11)
    })

    it('for less when less is under way', () => {
      const admission = busyFor(1_000, { limit: 10, parallel: 1 })
      for (let place = 0; place < 8; place++) admission.admit('alice')
      admission.admit()
      assert.equal(waitOf(admission, 'alice'), 9)
      admission.admit()
      assert.equal(waitOf(admission), 10)
    })

    it('for less soon after requests have become short', () => {
      let now = 0
      const admission = createAdmission({ limit: 1, now: () => now })
      const serve = (ms: number) => {
        using _place = admission.admit()
        now += ms
      }
      serve(30_000)
      for (let request = 0; request < 100; request++) serve(1_000)
      fill(admission)
      assert.equal(waitOf(admission), 2)
    })

    for (const [ms, seconds] of [
      [1, 1],
      [60_000, 60],
      [600_000, 60],
    ] as const) {
      it(`for ${seconds} s when a request takes ${ms} ms`, () => {
        const admission = busyFor(ms, { limit: 1 })
        fill(admission)
        assert.equal(waitOf(admission), seconds)
      })
    }

    it('where there is no place at all', () => {
      assert.equal(waitOf(createAdmission({ limit: 0 })), 1)
    })
  })

  describe('between callers', () => {
    /** Has a caller take all that it gets; returns how much that is. */
    const flood = (admission: Admission, caller: string): number => {
      for (let places = 0; ; places++) {
        try {
          admission.admit(caller)
        } catch {
          return places
        }
      }
    }

    it('leaves a ninth of the places to others than the one who takes all', () => {
      const admission = createAdmission({ limit: 90 })
      assert.equal(flood(admission, 'alice'), 80)
      assert.throws(() => admission.requireRoom('alice'), {
        kind: 'overloaded',
        retryAfterSeconds: 1,
      })
      admission.requireRoom('bob')
      admission.requireRoom()
    })

    for (const limit of [1, 2, 8]) {
      it(`gives all of ${limit} to one who is alone`, () => {
        assert.equal(flood(createAdmission({ limit }), 'alice'), limit)
      })
    }

    it('gives one back its share when others have ended', () => {
      const admission = createAdmission({ limit: 9 })
      const others = ['bob', 'carol'].map((caller) => admission.admit(caller))
      const had = flood(admission, 'alice')
      for (const place of others) place[Symbol.dispose]()
      assert.equal(had + flood(admission, 'alice'), 8)
    })

    it('comes to equal shares, and leaves a place to the next who comes', () => {
      const admission = createAdmission({ limit: 40 })
      const places = new Map<string, Disposable[]>([
        ['alice', []],
        ['bob', []],
      ])
      const take = (caller: string) => {
        try {
          places.get(caller)?.push(admission.admit(caller))
        } catch {
          // Not now.
        }
      }
      for (let place = 0; place < 40; place++) take('alice')
      // Each asks again and again; whose turn it is to end goes by who has more.
      for (let round = 0; round < 200; round++) {
        take(round % 2 === 0 ? 'alice' : 'bob')
        take(round % 2 === 0 ? 'bob' : 'alice')
        const [longest] = [...places.values()].toSorted((a, b) => b.length - a.length)
        longest?.shift()?.[Symbol.dispose]()
      }
      const [alice = 0, bob = 0] = [...places.values()].map(({ length }) => length)
      assert.ok(Math.abs(alice - bob) <= 1, `${alice} and ${bob}`)
      assert.ok(alice + bob >= 34, `${alice} and ${bob}`)
      admission.requireRoom('carol')
    })

    it('never admits more than there are places, however many callers there are', () => {
      const admission = createAdmission({ limit: 40 })
      for (let caller = 0; caller < 100; caller++) flood(admission, String(caller))
      assert.equal(admission.admitted, 40)
      assert.throws(() => admission.admit(), { kind: 'overloaded' })
      assert.throws(() => admission.admit('new'), { kind: 'overloaded' })
    })

    it('does not bound those who have no name', () => {
      const admission = createAdmission({ limit: 40 })
      for (let place = 0; place < 40; place++) admission.admit()
      assert.equal(admission.admitted, 40)
    })
  })
})
