import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { typeOfFile } from './file-types.ts'

const typeOf = (text: string) => typeOfFile(Buffer.from(text, 'latin1'))

describe('the type of a file', () => {
  for (const [type, begins] of [
    ['png', ['\x89PNG\r\n\x1a\n']],
    ['jpeg', ['\xff\xd8\xff\xe0', '\xff\xd8\xff\xdb']],
    ['webp', ['RIFF\x10\0\0\0WEBP', 'RIFFxxxxWEBP']],
    ['tiff', ['II*\0', 'MM\0*', 'II+\0', 'MM\0+']],
    ['gif', ['GIF87a', 'GIF89a']],
    ['pdf', ['%PDF-1.7', '%PDF-']],
  ] as const) {
    it(`is ${type} by how it begins, and by all of that`, () => {
      for (const begin of begins) {
        assert.equal(typeOf(begin), type)
        assert.equal(typeOf(`${begin} and more`), type)
        if (type !== 'jpeg')
          assert.equal(typeOf(begin.slice(0, 4)), type === 'tiff' ? type : undefined)
      }
    })
  }

  it('is pdf when its header ends within 1,024 bytes, and not one byte later', () => {
    assert.equal(typeOf(`${' '.repeat(1024 - 5)}%PDF-1.7`), 'pdf')
    assert.equal(typeOf(`${' '.repeat(1024 - 4)}%PDF-1.7`), undefined)
  })

  it('is what it begins as, whatever comes later', () => {
    assert.equal(typeOf('GIF89a %PDF-1.7'), 'gif')
  })

  it('is none of a part of a larger buffer that is read beyond its end', () => {
    const bytes = Buffer.from(`${' '.repeat(100)}%PDF-1.7`, 'latin1')
    assert.equal(typeOfFile(bytes.subarray(0, 100)), undefined)
    assert.equal(typeOfFile(bytes.subarray(100)), 'pdf')
  })

  it('is none where nothing is known of it', () => {
    for (const text of ['', 'BM', 'RIFFxxxxWAVE', '<html>', 'II*'])
      assert.equal(typeOf(text), undefined)
  })
})
