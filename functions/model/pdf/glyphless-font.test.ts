import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createGlyphlessFont } from './glyphless-font.ts'

/** Objects of a PDF that nobody writes. */
function createFont() {
  const objects: Array<{ data: Record<string, unknown>; content?: unknown }> = []
  const ref = (data: Record<string, unknown>) => {
    const object = {
      data,
      end(content: unknown) {
        Object.assign(object, { content })
      },
    }
    objects.push(object)
    return object as unknown as PDFKit.PDFKitReference
  }
  const font = createGlyphlessFont({ ref }, new Uint8Array(572))
  return { font, objects }
}

describe('a glyphless font', () => {
  it('has codes for characters in the order in which they come', () => {
    const { font } = createFont()
    assert.equal(font.encode('abca'), '<0002000300040002>')
    assert.equal(font.encode('cd'), '<00040005>')
  })

  it('has one code for a character of two UTF-16 units, and tells readers both', () => {
    const { font, objects } = createFont()
    font.variant(1)
    assert.equal(font.encode('😀'), '<0002>')
    font.end()
    const map = objects.map(({ content }) => String(content)).find((text) => /bfchar/.test(text))
    assert.match(map ?? '', /2 beginbfchar\n<0001> <FFFD>\n<0002> <D83DDE00>\nendbfchar/)
  })

  it('reads half of a pair as a replacement character', () => {
    assert.equal(createFont().font.encode('\uD83D'), '<0001>')
  })

  it('has replacement characters when it is out of codes', () => {
    const { font } = createFont()
    for (let point = 0x10000; point < 0x10000 + 0xffff; point++) {
      font.encode(String.fromCodePoint(point))
    }
    assert.equal(font.encode('\u{10000}new'), '<0002000100010001>')
  })

  it('has a variant for each twentieth of the size, and those that are used in the file', () => {
    const { font, objects } = createFont()
    const names = [0, 0.01, 0.5, 0.51, 0.98, 1, 1.2].map((height) => font.variant(height).name)
    assert.deepEqual(names, ['F1', 'F1', 'F10', 'F10', 'F20', 'F20', 'F20'])
    font.end()
    const ascents = objects.map(({ data }) => data['Ascent']).filter((ascent) => ascent)
    assert.deepEqual(ascents, [50, 500, 1000])
    assert.equal(objects.filter(({ data }) => data['Length1'] === 572).length, 1)
  })
})
