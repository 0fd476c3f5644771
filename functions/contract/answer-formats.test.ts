import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { answerFormats, defaultFormat, formats } from './answer-formats.ts'

describe('answerFormats', () => {
  it('begins with the format of whoever does not say', () => {
    assert.equal(formats[0], defaultFormat)
  })

  it('has no name of a format twice, so that Accept finds one', () => {
    const names = formats.flatMap((format) => [...answerFormats[format].mediaTypes])
    assert.deepEqual(names, [...new Set(names)])
    for (const name of names) assert.match(name, /^(?:application|text)\/[a-z][a-z.+-]*$/)
  })

  it('has an extension of its own for each', () => {
    const extensions = formats.map((format) => answerFormats[format].extension)
    assert.deepEqual(extensions, [...new Set(extensions)])
    for (const extension of extensions) assert.match(extension, /^(?:\.[a-z]+)+$/)
  })
})
