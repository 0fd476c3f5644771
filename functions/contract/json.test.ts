import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseJson } from './json.ts'

const refused = { name: 'OcrError', kind: 'invalid_request' }
const nested = (depth: number) => Buffer.from('['.repeat(depth) + ']'.repeat(depth))
const list = (values: number) => Buffer.from(`[${Array(values).fill('1').join()}]`)

describe('parseJson', () => {
  it('reads what JSON.parse reads', () => {
    const value = { a: [1, 'two "quoted" \\ ☃', null, { '[{,:': true }], b: '\\', c: '\\"' }
    assert.deepEqual(parseJson(Buffer.from(JSON.stringify(value))), value)
  })

  it('takes a string of any length, whatever is in it', () => {
    const text = '[{,:'.repeat(1_000_000)
    assert.equal(parseJson(Buffer.from(JSON.stringify(text))), text)
  })

  it('takes 32 levels and refuses one more', () => {
    parseJson(nested(32))
    assert.throws(() => parseJson(nested(33)), refused)
  })

  it('takes a million numbers and refuses one more', () => {
    parseJson(list(1_000_001))
    assert.throws(() => parseJson(list(1_000_002)), refused)
  })

  it('takes 10,000 strings, lists and objects and refuses one more', () => {
    parseJson(Buffer.from(JSON.stringify(Array(9_998).fill(''))))
    assert.throws(() => parseJson(Buffer.from(JSON.stringify(Array(9_999).fill('')))), refused)
    parseJson(Buffer.from(JSON.stringify(Array(4_999).fill([]))))
    assert.throws(() => parseJson(Buffer.from(JSON.stringify(Array(5_000).fill({})))), refused)
  })

  it('takes 8 MiB outside of strings and refuses one byte more', () => {
    const number = Buffer.alloc(8 * 2 ** 20, ' ')
    number.write('7')
    assert.equal(parseJson(number), 7)
    assert.throws(() => parseJson(Buffer.concat([number, Buffer.from(' ')])), refused)
  })

  for (const [problem, text] of Object.entries({
    nothing: '',
    'an open list': '[1',
    'an open string': '"abc',
    'an open string that ends in a backslash': '"abc\\',
    'bad UTF-8': Buffer.from([0x22, 0xff, 0x22]),
    'a comma too many': '[1,]',
  })) {
    it(`refuses ${problem}`, () => assert.throws(() => parseJson(Buffer.from(text)), refused))
  }

  for (const [problem, body] of Object.entries({
    'deep nesting': Buffer.alloc(20_000_000, '['),
    'many values': Buffer.alloc(20_000_000, '1,'),
    'white space': Buffer.alloc(20_000_000, ' '),
    digits: Buffer.alloc(20_000_000, '1'),
    'many strings': Buffer.alloc(20_000_000, '"",'),
    'many strings of some escaped quotes': Buffer.alloc(20_000_000, `"${'\\"'.repeat(9_000)}",`),
    'many escaped quotes': Buffer.concat([Buffer.from('"'), Buffer.alloc(20_000_000, '\\"')]),
  })) {
    it(`refuses 20 MB of ${problem} without parsing them`, (t) => {
      const { mock } = t.mock.method(JSON, 'parse')
      assert.throws(() => parseJson(body), refused)
      assert.equal(mock.callCount(), 0)
    })
  }

  for (const backslashes of [2, 10_000, 10_002, 20_000_000]) {
    it(`finds the end of a string behind ${backslashes} backslashes`, (t) => {
      const string = `"${'\\'.repeat(backslashes)}"`
      assert.equal(parseJson(Buffer.from(string)), '\\'.repeat(backslashes / 2))
      const { mock } = t.mock.method(JSON, 'parse')
      const nested = `[${string},${'['.repeat(40)}${']'.repeat(40)}]`
      assert.throws(() => parseJson(Buffer.from(nested)), refused)
      assert.equal(mock.callCount(), 0)
    })
  }
})
