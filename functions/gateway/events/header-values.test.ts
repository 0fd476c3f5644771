import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodeHeader, encodeHeader } from './header-values.ts'

describe('the value of an attribute in a header', () => {
  // The examples of the HTTP binding, 3.1.3.2, are the first ones.
  for (const [value, header] of [
    ['Euro € 😀', 'Euro%20%E2%82%AC%20%F0%9F%98%80'],
    ['100%', '100%25'],
    ['a "b"', 'a%20%22b%22'],
    ['line\nbreak\u007F', 'line%0Abreak%7F'],
    ['/a-b_c.d~e!*', '/a-b_c.d~e!*'],
  ] as const) {
    it(`has ${JSON.stringify(value)} percent-encoded, and is read as it was`, () => {
      assert.equal(encodeHeader(value), header)
      assert.equal(decodeHeader('subject', header), value)
    })
  }

  it('has a replacement for half of a surrogate pair, which no UTF-8 can have', () => {
    assert.equal(encodeHeader('\uD83D'), '%EF%BF%BD')
  })

  for (const [header, value] of [
    ['with space', 'with space'],
    ['"quoted \\" text"', 'quoted " text'],
    ['%e2%82%ac', '€'],
    ['50% and %zz', '50% and %zz'],
    ['%41%2Fb', 'A/b'],
  ] as const) {
    it(`is read from ${header} as well`, () => assert.equal(decodeHeader('subject', header), value))
  }

  for (const [name, value] of [
    ['subject', 'Rechnung für März.pdf'],
    ['subject', '50% für 1%41'],
    ['dataref', 'https://example.org/M%C3%A4rz'],
    ['dataref', 'https://example.org/50%25%20off%3Fv1.pdf?sig=ab%2Bcd%3D'],
    ['dataref', 'https://example.org/100%25'],
  ] as const) {
    it(`is read as it is from a sender that does not encode, as ${name}: ${value}`, () => {
      assert.equal(decodeHeader(name, Buffer.from(value).toString('latin1')), value)
    })

    it(`is read as it was from one that does, as ${name}: ${value}`, () => {
      assert.equal(decodeHeader(name, encodeHeader(value)), value)
    })
  }

  for (const header of ['%C3', '%FF', '%C0%80', '%ED%A0%80', 'stra\u00DFe', 'a\tb', 'a\x7F']) {
    it(`is refused when it is ${JSON.stringify(header)}`, () => {
      assert.throws(() => decodeHeader('subject', header), { kind: 'invalid_request' })
    })
  }
})
