import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import {
  bearer,
  bobs,
  forwardedFor,
  key,
  keysAccess,
  keysPath,
  newer,
  newKey,
  requestOf,
  start,
} from './fixtures/access.ts'

describe('access with keys', () => {
  for (const [what, text] of [
    ['no file', undefined],
    ['an empty file', ''],
    ['a key in place of its hash', `alice ${key}\n`],
  ] as const) {
    it(`does not start with ${what}, and says both ways out`, async (t) => {
      const path = keysPath(t)
      if (text !== undefined) writeFileSync(path, text)
      await assert.rejects(start(t, { OCR_KEYS_FILE: path }), (error: Error) => {
        assert.match(error.message, /OCR_KEYS_FILE .*npm run -s key.* OCR_ACCESS=open\.$/)
        assert.match(String(error.cause), /ENOENT|no key in it|Line 1 /)
        assert.ok(!`${error.message}${error.cause}`.includes(key))
        return true
      })
    })
  }
})

describe('open access', () => {
  it('is told of by one warning at the start', async (t) => {
    const { access, lines } = await start(t, { OCR_ACCESS: 'open' })
    await access.enter(requestOf({}))
    assert.deepEqual(
      lines.map(({ level, msg }) => [level, msg]),
      [[40, 'everybody is let in, because OCR_ACCESS is open']],
    )
  })
})

describe('access with limits', () => {
  it('has none unless they are set', async (t) => {
    const access = await keysAccess(t)
    await Promise.all(Array.from({ length: 500 }, () => access.enter(requestOf(bearer(key)))))
  })

  it('limits the rate of a caller by all of his keys together', async (t) => {
    const access = await keysAccess(t, { OCR_CALLER_RATE: '2' })
    for (const own of [key, newer]) (await access.enter(requestOf(bearer(own))))[Symbol.dispose]()
    await assert.rejects(access.enter(requestOf(bearer(key))), ({ kind, retryAfterSeconds }) => {
      assert.equal(kind, 'rate_limited')
      assert.ok(retryAfterSeconds >= 1 && retryAfterSeconds <= 60)
      return true
    })
    const { caller, key: name } = await access.enter(requestOf(bearer(bobs)))
    assert.deepEqual([caller, name], ['bob', 'bob'])
  })

  it('limits the requests that a caller has under way', async (t) => {
    const access = await keysAccess(t, { OCR_CALLER_CONCURRENCY: '1' })
    const visit = await access.enter(requestOf(bearer(key)))
    const refused = { kind: 'rate_limited', retryAfterSeconds: 1 }
    await assert.rejects(access.enter(requestOf(bearer(newer))), refused)
    assert.equal((await access.enter(requestOf(bearer(bobs)))).caller, 'bob')
    visit[Symbol.dispose]()
    await access.enter(requestOf(bearer(newer)))
  })

  it('limits addresses where everybody is let in, whatever they say they are', async (t) => {
    const { access } = await start(t, { OCR_ACCESS: 'open', OCR_CALLER_RATE: '1' })
    await access.enter(requestOf(forwardedFor('192.0.2.1')))
    const again = requestOf({ ...forwardedFor('192.0.2.2'), ...bearer(newKey()) })
    await assert.rejects(access.enter(again), { kind: 'rate_limited' })
    await access.enter(requestOf({}, '10.0.0.2'))
  })

  it('does not count requests without a valid key on anybody', async (t) => {
    const access = await keysAccess(t, { OCR_CALLER_RATE: '1' })
    const wrong = requestOf(bearer('alice'))
    for (let attempt = 0; attempt < 3; attempt++) {
      await assert.rejects(access.enter(wrong), { kind: 'unauthorized' })
    }
    await access.enter(requestOf(bearer(key)))
  })
})
