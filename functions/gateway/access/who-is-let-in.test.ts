import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { describe, it } from 'node:test'
import {
  apiKey,
  bearer,
  bobs,
  forwardedFor,
  type Headers,
  key,
  keysAccess,
  newer,
  newKey,
  requestOf,
  rotatedIn,
  rotatedOut,
  start,
} from './fixtures/access.ts'

const missing = /^A key is needed: send it as "Authorization: Bearer KEY" or as "X-API-Key: KEY"\.$/
const unknown = /^The key is not valid here\. Check that it is complete and still in use, and send/
const different = /^Authorization and X-API-Key hold different keys; send one of them\.$/

/** Who is let in by which headers where keys are needed, or by which message nobody is. */
const withKeys: ReadonlyArray<[what: string, headers: Headers, outcome: string | RegExp]> = [
  ['no key', {}, missing],
  ['a wrong key', bearer(newKey()), unknown],
  ['a right key', bearer(key), 'alice'],
  ['the second key of the same name', bearer(newer), 'alice'],
  ['the key of another', bearer(bobs), 'bob'],
  ['a scheme in lower case', { authorization: `bearer ${key}` }, 'alice'],
  ['a scheme in upper case', { authorization: `BEARER ${key}` }, 'alice'],
  ['a key without a scheme', { authorization: key }, missing],
  ['a scheme without a space', { authorization: `Bearer${key}` }, missing],
  ['an empty bearer', { authorization: 'Bearer ' }, missing],
  ['a bearer that is the scheme alone', { authorization: 'Bearer' }, missing],
  ['the scheme Basic', { authorization: `Basic ${btoa(`alice:${key}`)}` }, missing],
  [
    'the scheme Basic for a proxy, and a right key',
    { authorization: 'Basic YTpi', ...apiKey(key) },
    'alice',
  ],
  ['a key with spaces around', { authorization: `Bearer   ${key}  ` }, 'alice'],
  ['a key with a space within', bearer(`${key.slice(0, 9)} ${key.slice(9)}`), unknown],
  ['a key in quotes', bearer(`"${key}"`), unknown],
  ['X-API-Key, right', apiKey(key), 'alice'],
  ['X-API-Key with spaces around', apiKey(` ${key} `), 'alice'],
  ['X-API-Key, wrong', apiKey(newKey()), unknown],
  ['X-API-Key, empty', apiKey(''), missing],
  ['X-API-Key with a scheme', apiKey(`Bearer ${key}`), unknown],
  ['X-API-Key twice, as HTTP joins it', apiKey(`${key}, ${key}`), unknown],
  ['both headers, equal', { ...bearer(key), ...apiKey(key) }, 'alice'],
  ['both headers, equal and wrong', { ...bearer('wrong'), ...apiKey('wrong') }, unknown],
  ['both headers, different', { ...bearer(key), ...apiKey('wrong') }, different],
  ['both headers, two right keys of one name', { ...bearer(key), ...apiKey(newer) }, different],
  ['the hash instead of the key', bearer(hash('sha256', key)), unknown],
  ['the name of a key', bearer('alice'), unknown],
  ['a key in another case', bearer(key.toUpperCase()), unknown],
  ['all of a key but its end', bearer(key.slice(0, -1)), unknown],
  ['all of a key but its beginning', bearer(key.slice(4)), unknown],
  ['more than a key', bearer(`${key}A`), unknown],
  ['an overlong key', bearer('k'.repeat(513)), unknown],
  ['a key in an overlong one', bearer(key.padEnd(10_000, 'k')), unknown],
  ['signs beyond ASCII', bearer(`${key}é`), unknown],
  ['a NUL after the key', bearer(`${key}\0`), unknown],
  ['a key rotated out', bearer(rotatedOut), unknown],
  ['a key rotated in', bearer(rotatedIn), 'carol'],
  [
    'a right key and a forwarded address',
    { ...bearer(key), ...forwardedFor('192.0.2.1') },
    'alice',
  ],
  ['a forwarded address alone', forwardedFor('127.0.0.1'), missing],
]

const spoofed = '192.0.2.66, ::1, junk'
/** Who a request counts as where everybody is let in, by the number of proxies that are trusted. */
const open: ReadonlyArray<
  [what: string, proxies: number, address: string, headers: Headers, caller: string]
> = [
  ['no key', 0, '203.0.113.7', {}, '203.0.113.7'],
  ['a key', 0, '203.0.113.7', bearer(key), '203.0.113.7'],
  ['two keys', 0, '203.0.113.7', { ...bearer(key), ...apiKey('other') }, '203.0.113.7'],
  ['IPv6', 0, '2001:db8::7', {}, '2001:db8:0:0::/64'],
  ['another address of the same network', 0, '2001:db8::8:9', {}, '2001:db8:0:0::/64'],
  ['IPv4 on a socket of IPv6', 0, '::ffff:203.0.113.7', {}, '203.0.113.7'],
  ['spoofed IPv4', 0, '203.0.113.7', forwardedFor('192.0.2.66'), '203.0.113.7'],
  ['spoofed IPv6', 0, '203.0.113.7', forwardedFor('2001:db8::66'), '203.0.113.7'],
  ['spoofed garbage', 0, '203.0.113.7', forwardedFor(spoofed), '203.0.113.7'],
  ['what the proxy saw', 1, '10.0.0.1', forwardedFor('203.0.113.7'), '203.0.113.7'],
  ['IPv6 that the proxy saw', 1, '10.0.0.1', forwardedFor('2001:db8::7'), '2001:db8:0:0::/64'],
  ['spoofed before a proxy', 1, '10.0.0.1', forwardedFor(`${spoofed}, 203.0.113.7`), '203.0.113.7'],
  ['garbage by the proxy', 1, '10.0.0.1', forwardedFor('203.0.113.7, junk'), '10.0.0.1'],
  ['no word of the proxy', 1, '10.0.0.1', {}, '10.0.0.1'],
  ['what the outer proxy saw', 2, '10.0.0.1', forwardedFor('203.0.113.7, 10.0.0.2'), '203.0.113.7'],
  [
    'IPv6 that the outer proxy saw',
    2,
    '10.0.0.1',
    forwardedFor('2001:db8::7, ::1'),
    '2001:db8:0:0::/64',
  ],
  [
    'spoofed before two',
    2,
    '10.0.0.1',
    forwardedFor(`${spoofed}, 203.0.113.7, 10.0.0.2`),
    '203.0.113.7',
  ],
  ['a way around the outer proxy', 2, '10.0.0.1', forwardedFor('203.0.113.7'), '10.0.0.1'],
]

describe('access with keys', () => {
  for (const [what, headers, outcome] of withKeys) {
    const answer = typeof outcome === 'string' ? `lets ${outcome} in by` : 'refuses'
    it(`${answer} ${what}`, async (t) => {
      const entering = (await keysAccess(t)).enter(requestOf(headers))
      if (typeof outcome === 'string') assert.equal((await entering).caller, outcome)
      else await assert.rejects(entering, { kind: 'unauthorized', message: outcome })
    })
  }
})

describe('open access', () => {
  for (const [what, proxies, address, headers, caller] of open) {
    it(`is by address with ${proxies} trusted proxies: ${what}`, async (t) => {
      const environment = { OCR_ACCESS: 'open', OCR_TRUSTED_PROXIES: String(proxies) }
      const { access } = await start(t, environment)
      const visit = await access.enter(requestOf(headers, address))
      assert.deepEqual([visit.caller, visit.key], [caller, undefined])
    })
  }
})
