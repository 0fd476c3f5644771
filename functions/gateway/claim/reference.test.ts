import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { objectKey, parseReference } from './reference.ts'

const refused = { kind: 'reference_refused' }
const keyIn = (reference: string) => objectKey(parseReference(reference))

describe('a reference', () => {
  it('has up to 8192 characters', () => {
    const start = 'https://files.example.org/'
    parseReference(start.padEnd(8_192, 'a'))
    assert.throws(() => parseReference(start.padEnd(8_193, 'a')), refused)
  })

  for (const [reference, message] of [
    ['', /absolute URL/],
    ['files.example.org/a.png', /absolute URL/],
    ['https://', /absolute URL/],
    ['ftp://files.example.org/a.png', /must begin with/],
    ['javascript:alert(1)', /must begin with/],
    ['https://user:word@files.example.org/', /no user and no password/],
    ['s3://user@bucket/key', /no user and no password/],
  ] as const) {
    it(`is refused when it is "${reference}"`, () => {
      assert.throws(() => parseReference(reference), { ...refused, message })
    })
  }
})

describe('the key of an object', () => {
  for (const [reference, key] of [
    ['s3://bucket/a/b.png', 'a/b.png'],
    ['s3://bucket/a b%20c+d.png', 'a b c+d.png'],
    ['s3://bucket/%C3%A4ä.png', 'ää.png'],
    ['s3://bucket/what%3F%23.png', 'what?#.png'],
    ['s3://bucket/100%25.png', '100%.png'],
    ['s3://bucket/%252e%252e/a', '%2e%2e/a'],
    ['s3://bucket/a.png#page=2', 'a.png'],
    ['s3://bucket//a//b/', '/a//b/'],
    ['s3://bucket/..a/b..', '..a/b..'],
  ] as const) {
    it(`is "${key}" for ${reference}`, () => assert.equal(keyIn(reference), key))
  }

  for (const [reference, message] of [
    ['s3://bucket', /no object/],
    ['s3://bucket/', /no object/],
    ['s3://bucket/..', /no object/],
    ['s3://bucket/a?versionId=1', /no query/],
    ['s3://bucket/..%2Fother/a', /no segments/],
    ['s3://bucket/a%2F.%2Fb', /no segments/],
    ['s3://bucket/100%', /percent-encoded/],
    ['s3://bucket/%FF', /percent-encoded/],
  ] as const) {
    it(`is refused for ${reference}`, () => {
      assert.throws(() => keyIn(reference), { ...refused, message })
    })
  }
})
