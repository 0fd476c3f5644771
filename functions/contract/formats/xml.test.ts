import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { element, emptyElement, escapeXml, textElement } from './xml.ts'

describe('escapeXml', () => {
  it('escapes what has a meaning in markup', () => {
    assert.equal(
      escapeXml(`a & b < c > d "e" 'f'`),
      'a &amp; b &lt; c &gt; d &quot;e&quot; &#39;f&#39;',
    )
  })

  it('does not take text for escapes', () => assert.equal(escapeXml('&amp;'), '&amp;amp;'))

  it('keeps tabs and line ends, which a parser would change', () => {
    assert.equal(escapeXml('a\tb\nc\r'), 'a&#9;b&#10;c&#13;')
  })

  const wrong = {
    'a null': '\0',
    'a control character': '\u0008',
    'an escape': '\u001B',
    'a vertical tab': '\v',
    'a form feed': '\f',
    'U+FFFE': '\uFFFE',
    'U+FFFF': '\uFFFF',
    'half of a pair': '\uD83D',
    'the other half': '\uDE00',
  }
  for (const [name, text] of Object.entries(wrong)) {
    it(`replaces ${name}`, () => assert.equal(escapeXml(`a${text}b`), 'a\uFFFDb'))
  }

  it('replaces a pair in the wrong order', () => {
    assert.equal(escapeXml('\uDE00\uD83D'), '\uFFFD\uFFFD')
  })

  it('keeps all other characters', () => {
    const text = 'é\u007F\u0085ש日\uD7FF\uE000\uFFFD😀\u{10FFFF}'
    assert.equal(escapeXml(text), text)
  })
})

describe('elements', () => {
  it('hold text', () => {
    assert.equal(textElement('a', { b: '"', c: 0 }, '<'), '<a b="&quot;" c="0">&lt;</a>')
  })

  it('leave undefined attributes out', () => {
    assert.equal(emptyElement('a', { b: undefined, c: '' }), '<a c="" />')
  })

  it('stand on lines of their own', () => {
    const inner = element('b', {}, [emptyElement('c', {}), textElement('d', {}, 'x\ny')])
    assert.equal(element('a', {}, [inner]), '<a>\n<b>\n<c />\n<d>x&#10;y</d>\n</b>\n</a>')
  })

  it('have an end tag without content', () => assert.equal(element('div', {}), '<div></div>'))
})
