import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { End } from './ask.ts'
import { audit } from './audit.ts'
import { answered, entryOf } from './fixtures/entries.ts'

const entry = (id: string, end: End) => entryOf({ id, end })

const log = (...lines: ReadonlyArray<readonly [requestId: string, status: number]>): string =>
  lines
    .map(([requestId, status]) => `${JSON.stringify({ requestId, status, msg: 'request' })}\n`)
    .join('')

describe('the audit of a load', () => {
  it('finds nothing wrong where each answer has its line', () => {
    const entries = [entry('a', answered(200)), entry('b', answered(429))]
    const found = audit(entries, [log(['a', 200], ['b', 429], ['of a probe', 200])])
    const { requests, read, lost, duplicated, differing } = found
    assert.deepEqual(
      { requests, read, lost, duplicated, differing },
      {
        requests: 2,
        read: 1,
        lost: 0,
        duplicated: 0,
        differing: 0,
      },
    )
  })

  it('counts a request without an answer as lost, and an answer that no service logged', () => {
    const entries = [
      entry('a', { outcome: 'lost', why: 'socket hang up' }),
      entry('b', answered(200)),
    ]
    assert.equal(audit(entries, [log(['a', 200])]).lost, 2)
  })

  it('counts a request that was logged twice, in the log of one process or of two', () => {
    const entries = [entry('a', answered(200)), entry('b', answered(200))]
    const logs = [log(['a', 200], ['a', 200], ['b', 200]), log(['b', 200])]
    assert.equal(audit(entries, logs).duplicated, 2)
  })

  it('counts a page that the model read twice, and none that it was asked for twice', () => {
    const entries = [entry('a', answered(200)), entry('b', answered(200))]
    const asked = log(['a', 200], ['b', 200])
    assert.equal(audit(entries, [asked], [log(['a', 200], ['a', 200], ['b', 200])]).duplicated, 1)
    assert.equal(audit(entries, [asked], [log(['a', 503], ['a', 200], ['b', 200])]).duplicated, 0)
  })

  it('counts an answer other than what was logged', () => {
    assert.equal(audit([entry('a', answered(200))], [log(['a', 500])]).differing, 1)
  })

  it('wants no line of a request that was cut off or never connected', () => {
    const entries = [entry('a', { outcome: 'cut' }), entry('b', { outcome: 'unconnected' })]
    const { cut, unconnected, lost } = audit(entries, [''])
    assert.deepEqual({ cut, unconnected, lost }, { cut: 1, unconnected: 1, lost: 0 })
  })
})
