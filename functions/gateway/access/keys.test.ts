import assert from 'node:assert/strict'
import { hash, randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import { maxKeyLength, nameOfKey, parseKeys } from './keys.ts'

const sha256 = (key: string): string => hash('sha256', key)
const line = (name: string, key = name): string => `${name} ${sha256(key)}`
const namesIn = (text: string): string[] => parseKeys(text).map(({ name }) => name)

describe('parseKeys', () => {
  it('reads names and hashes between comments and empty lines', () => {
    const text = `# who may call\n\n  ${line('alice')}  \n\t# ${line('gone')}\n${line('b.o-b_2')}\t\n`
    assert.deepEqual(namesIn(text), ['alice', 'b.o-b_2'])
  })

  it('takes lines as Windows ends them, a byte order mark, and hashes in upper case', () => {
    const text = `\ufeff${line('alice')}\r\nbob ${sha256('bob').toUpperCase()}\r\n`
    assert.deepEqual(namesIn(text), ['alice', 'bob'])
    assert.equal(nameOfKey(parseKeys(text), 'bob'), 'bob')
  })

  it('takes several keys of one name', () => {
    const text = `${line('alice', 'old')}\n${line('alice', 'new')}`
    assert.equal(nameOfKey(parseKeys(text), 'old'), 'alice')
    assert.equal(nameOfKey(parseKeys(text), 'new'), 'alice')
  })

  for (const [what, bad] of [
    ['a key instead of its hash', 'alice ocr_secret'],
    ['a hash alone', sha256('secret')],
    ['a hash that is too short', line('alice').slice(0, -1)],
    ['a hash that is too long', `${line('alice')}0`],
    ['a third word', `${line('alice')} secret`],
    ['a name that is too long', line('n'.repeat(65))],
    ['a name with other signs', line('al/ice')],
    ['the banner of npm', '> knative-ocr@0.1.0 key'],
  ] as const) {
    it(`refuses ${what} by the number of its line alone`, () => {
      const message = 'Line 3 is not of the form NAME SHA256-HEX.'
      assert.throws(() => parseKeys(`# first\n${line('bob')}\n${bad}\n`), { message })
    })
  }

  it('refuses one key under two names', () => {
    const text = `${line('alice', 'same')}\n\n${line('bob', 'same')}`
    assert.throws(() => parseKeys(text), { message: 'Line 3 has the same key as line 1.' })
  })

  for (const empty of ['', '\n \n', '# nothing yet']) {
    it(`refuses a text without keys: ${JSON.stringify(empty)}`, () => {
      assert.throws(() => parseKeys(empty), { message: 'There is no key in it.' })
    })
  }

  it('takes names of 64 signs and a thousand keys, and no more', () => {
    assert.equal(namesIn(line('n'.repeat(64))).length, 1)
    const lines = Array.from({ length: 1_001 }, (_, index) => line(`caller-${index}`))
    assert.equal(namesIn(lines.slice(1).join('\n')).length, 1_000)
    const message = 'There are more than 1000 keys.'
    assert.throws(() => parseKeys(lines.join('\n')), { message })
  })
})

describe('nameOfKey', () => {
  it('takes a key of the greatest length, and none that is longer', () => {
    const longest = 'k'.repeat(maxKeyLength)
    const keys = parseKeys(`alice ${sha256(longest)}\nbob ${sha256(`${longest}k`)}`)
    assert.equal(nameOfKey(keys, longest), 'alice')
    assert.equal(nameOfKey(keys, `${longest}k`), undefined)
  })

  const secrets = Array.from({ length: 50 }, () => `ocr_${randomBytes(32).toString('base64url')}`)
  const [first = '', last = ''] = [secrets[0], secrets.at(-1)]
  const presented = {
    first,
    last,
    wrong: `ocr_${randomBytes(32).toString('base64url')}`,
    similar: `${first.slice(0, -1)}${first.endsWith('A') ? 'B' : 'A'}`,
  }
  type Presented = keyof typeof presented
  const names: Presented[] = ['first', 'last', 'wrong', 'similar']

  /** Times of some thousand looks for each key, taken in turns so that whatever else the machine does meets all. */
  function timesOf(find: (key: string) => unknown): Record<Presented, number[]> {
    const times: Record<Presented, number[]> = { first: [], last: [], wrong: [], similar: [] }
    for (let round = 0; round < 4_000; round++) {
      for (let turn = 0; turn < names.length; turn++) {
        // Each comes after each other one equally often.
        const name = names[(turn * (1 + 2 * (round % 2)) + (round >> 1)) % names.length] ?? 'wrong'
        const start = process.hrtime.bigint()
        find(presented[name])
        const time = Number(process.hrtime.bigint() - start)
        if (round >= 1_000) times[name].push(time)
      }
    }
    return times
  }

  const median = (values: number[]): number =>
    values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
  /** How much longer or shorter the one takes than a wrong key. */
  const difference = (times: Record<Presented, number[]>, name: Presented): number =>
    Math.abs(median(times[name]) / median(times.wrong) - 1)

  it('takes as long for a right key as for a wrong or a similar one, wherever it stands', () => {
    const keys = parseKeys(
      secrets.map((secret, index) => line(`caller-${index}`, secret)).join('\n'),
    )
    const times = timesOf((key) => nameOfKey(keys, key))
    for (const name of names) {
      const value = difference(times, name)
      assert.ok(value < 0.2, `${name}: ${value}`)
    }
  })

  it('would be found out by that measure if it stopped at the right key', () => {
    const times = timesOf((key) => secrets.find((secret) => sha256(secret) === sha256(key)))
    assert.ok(difference(times, 'first') > 0.8)
  })
})
