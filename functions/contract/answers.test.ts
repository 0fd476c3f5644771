import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { answerSchemas, languagesSchema, problemSchema, streamLineSchema } from './answers.ts'
import { errorKinds } from './errors.ts'
import { box, range } from './formats/fixtures/document.ts'

const timings = { queueMs: 0.1, decodeMs: 4.2, recognizeMs: 31.5, parseMs: 0.4 }
const words = { ...range(), timings }
const inText = { ...words, pages: words.pages.map(({ blocks: _blocks, ...page }) => page) }
const line = { box: box(0, 0, 9, 9), text: 'one two', confidence: 0.9 }
const blocksOfLines = [{ box: line.box, paragraphs: [{ box: line.box, lines: [line] }] }]
const inLines = {
  ...words,
  pages: inText.pages.map((page) => ({ ...page, blocks: blocksOfLines })),
}

describe('answerSchemas', () => {
  for (const [detail, schema, answer] of [
    ['words', answerSchemas.words, words],
    ['lines', answerSchemas.lines, inLines],
    ['text', answerSchemas.text, inText],
  ] as const) {
    it(`takes a document with detail ${detail} and drops nothing of it`, () => {
      assert.deepEqual(schema.parse(answer), answer)
    })
  }

  it('tells each detail from the next lower one', () => {
    assert.throws(() => answerSchemas.words.parse(inLines))
    assert.throws(() => answerSchemas.lines.parse(inText))
    assert.deepEqual(answerSchemas.text.parse(words), inText)
  })

  it('needs the times', () => {
    for (const schema of Object.values(answerSchemas)) assert.throws(() => schema.parse(range()))
  })
})

describe('problemSchema', () => {
  const problem = {
    type: 'urn:x',
    title: 'Busy',
    status: 429,
    detail: 'Later.',
    code: 'overloaded',
  }

  it('takes every kind of error as code, with the id of the request or without', () => {
    for (const code of errorKinds) {
      assert.deepEqual(problemSchema.parse({ ...problem, code }), { ...problem, code })
    }
    const named = { ...problem, requestId: 'r1' }
    assert.deepEqual(problemSchema.parse(named), named)
  })

  it('takes no other code', () => {
    assert.throws(() => problemSchema.parse({ ...problem, code: 'toString' }))
  })
})

describe('streamLineSchema', () => {
  const { pages: _pages, ...document } = words
  const problem = {
    type: 'urn:x',
    title: 'Busy',
    status: 429,
    detail: 'Later.',
    code: 'overloaded',
  }
  for (const [name, value] of Object.entries({
    'the start': { type: 'start', pageCount: 5, pages: [3, 4, 5] },
    'a page of words': { type: 'page', done: 1, total: 3, page: words.pages[0] },
    'a page of lines': { type: 'page', done: 2, total: 3, page: inLines.pages[0] },
    'a page of text': { type: 'page', done: 3, total: 3, page: inText.pages[0] },
    'the end': { type: 'end', document },
    'an error': { type: 'error', problem },
  })) {
    it(`takes ${name} and drops nothing of it`, () => {
      assert.deepEqual(streamLineSchema.parse(value), value)
    })
  }

  it('takes no other line', () => {
    for (const value of [{ type: 'pages' }, {}, null, { type: 'page', page: words.pages[0] }]) {
      assert.throws(() => streamLineSchema.parse(value))
    }
  })
})

describe('languagesSchema', () => {
  it('takes a language without a name, since not every code has one', () => {
    const languages = {
      default: 'eng',
      engine: { name: 'tesseract', version: '5.3.0' },
      languages: [
        { code: 'eng', name: 'English', data: '4.00' },
        { code: 'equ', data: '4.00' },
      ],
    }
    assert.deepEqual(languagesSchema.parse(languages), languages)
  })
})
