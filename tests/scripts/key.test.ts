import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { nameOfKey, parseKeys } from '../../functions/gateway/access/keys.ts'

const makeKey = (...args: string[]) =>
  spawnSync(process.execPath, ['scripts/key.mjs', ...args], { encoding: 'utf8' })

describe('npm run key', () => {
  it('says how it is called when it is asked', () => {
    const { stdout, stderr, status } = makeKey('--help')
    assert.deepEqual([stdout, status], ['', 0])
    assert.match(stderr, /^Usage: npm run -s key -- NAME/)
  })

  it('prints a line that the gateway takes, and apart from it the key', () => {
    const { stdout, stderr, status } = makeKey('alice')
    assert.equal(status, 0)
    assert.match(stdout, /^alice [0-9a-f]{64}\n$/)
    const [, key = ''] = /^(ocr_[\w-]{43})$/m.exec(stderr) ?? []
    assert.equal(nameOfKey(parseKeys(stdout), key), 'alice')
  })

  it('makes another key each time', () => {
    assert.notEqual(makeKey('alice').stdout, makeKey('alice').stdout)
  })

  for (const args of [[], [''], ['two words'], ['n'.repeat(65)], ['line\nbreak'], ['--bogus']]) {
    it(`prints no line for ${JSON.stringify(args)}, but how it is called`, () => {
      const { stdout, stderr, status } = makeKey(...args)
      assert.deepEqual([stdout, status], ['', 1])
      assert.match(stderr, /^Usage: npm run -s key -- NAME/)
    })
  }
})
