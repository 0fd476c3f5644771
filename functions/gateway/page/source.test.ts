import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fileTypes } from '../../contract/file-types.ts'
import { Failure } from './errors.ts'
import { isShown, mayHavePages, samplePath, sizeText, sourceOf } from './source.ts'

const file = (name: string, type = '', content = 'x') => new File([content], name, { type })

describe('a document', () => {
  it('is the first of the files', () => {
    const first = file('a.png')
    assert.deepEqual(sourceOf([first, file('b.png')]), { name: 'a.png', file: first })
  })

  it('is named by its type where it has no name', () => {
    assert.equal(sourceOf([file('', 'image/png')]).name, 'document.png')
    assert.equal(sourceOf([file('', 'image/svg+xml')]).name, 'document')
    assert.equal(sourceOf([file('')]).name, 'document')
  })

  it('is refused when it is none, or empty as a folder is', () => {
    assert.throws(() => sourceOf([]), Failure)
    assert.throws(() => sourceOf([file('folder', '', '')]), /folder is empty/)
  })

  it('is shown by the browser if it is a picture of a common type', () => {
    const types = Object.values(fileTypes).map(({ mediaType }) => mediaType)
    const shown = types.filter((type) => isShown(file('a', type)))
    assert.deepEqual(shown, ['image/png', 'image/jpeg', 'image/webp', 'image/gif'])
  })

  it('may have several pages if it is of another type', () => {
    assert.ok(mayHavePages(file('a', 'application/pdf')))
    assert.ok(mayHavePages(file('a', 'image/tiff')))
    assert.ok(mayHavePages(file('a')))
    assert.ok(!mayHavePages(file('a', 'image/png')))
  })

  it('of the samples is in the repository under the same name', () => {
    assert.deepEqual(samplePath('a.png'), { url: 'page/samples/a.png', path: 'examples/a.png' })
  })
})

describe('a size', () => {
  for (const [bytes, text] of [
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [1234, '1.2 kB'],
    [9949, '9.9 kB'],
    [31_735, '32 kB'],
    [999_499, '999 kB'],
    [999_500, '1 MB'],
    [20_971_520, '21 MB'],
  ] as const) {
    it(`of ${bytes} bytes is ${text}`, () => assert.equal(sizeText(bytes), text))
  }
})
