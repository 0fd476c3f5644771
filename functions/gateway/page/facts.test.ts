import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  durationText,
  factsOf,
  noteOf,
  preparationText,
  progressText,
  qualityText,
} from './facts.ts'
import { answerEnd, pageOf } from './fixtures/pages.ts'
import { initialState, type State, withPage } from './state.ts'

const stateOf = (change: Partial<State>): State => ({ ...initialState, ...change })
const onePage = withPage(new Map(), pageOf([[['word', 0, 0]]]))

describe('the progress', () => {
  for (const [change, text] of [
    [{}, ''],
    [{ phase: 'reading' }, 'Reading …'],
    [{ phase: 'reading', numbers: [1] }, 'Reading one page …'],
    [{ phase: 'reading', numbers: [1, 2, 3], pages: onePage }, '1 of 3 pages read'],
    [{ phase: 'stopped', numbers: [1, 2, 3], pages: onePage }, 'Cancelled, 1 of 3 pages read'],
    [{ phase: 'stopped' }, 'Cancelled'],
    [{ phase: 'failed' }, 'Not read'],
    [{ phase: 'done', numbers: [1], answer: answerEnd }, '1 page read'],
    [
      { phase: 'done', numbers: [1, 2], answer: { ...answerEnd, complete: false } },
      'Read, but not every page',
    ],
  ] as ReadonlyArray<[Partial<State>, string]>) {
    it(`is "${text}"`, () => assert.equal(progressText(stateOf(change)), text))
  }
})

describe('facts of a result', () => {
  it('are told in a line', () => {
    const quality = qualityText({ answer: answerEnd, tookMs: 1500 })
    assert.equal(quality, '1,234 words · 95 % sure · 2 uncertain · 1.5 s')
    const none = { ...answerEnd, quality: { words: 0, uncertainWords: 0, lowestDecile: 0 } }
    assert.equal(qualityText({ answer: none, tookMs: 30 }), 'No words · 30 ms')
    assert.equal(qualityText({ answer: undefined, tookMs: 0 }), '')
  })

  it('have the engine and where the time went', () => {
    const state = stateOf({ answer: answerEnd, tookMs: 900, pageCount: 3, numbers: [2] })
    const facts = Object.fromEntries(factsOf(state))
    assert.equal(facts['Pages'], '1 of 3')
    assert.equal(facts['Engine'], 'tesseract 5.3.0, fast')
    assert.equal(facts['Language data'], 'eng 4.00')
    assert.match(facts['Work on all pages'] ?? '', /recognizing 1\.3 s/)
    assert.deepEqual(factsOf(stateOf({})), [])
  })

  it('have what was done to a page', () => {
    const preprocessing = [{ name: 'even_light' }, { name: 'deskew', value: 3.9 }]
    assert.equal(preparationText({ preprocessing }), 'even light, deskew 3.9')
  })

  it('tell times as precisely as anybody wants', () => {
    assert.deepEqual([999.4, 1000, 9999, 12_345].map(durationText), [
      '999 ms',
      '1.0 s',
      '10.0 s',
      '12 s',
    ])
  })
})

describe('in place of a text', () => {
  it('stands why there is none', () => {
    const failed = pageOf([], { error: { code: 'page_timeout', message: 'It took too long.' } })
    const pages = (page: ReturnType<typeof pageOf>) => ({ pages: withPage(new Map(), page) })
    assert.match(noteOf(stateOf(pages(failed))), /Page 1 could not be read. It took too long/)
    assert.match(noteOf(stateOf(pages(pageOf([])))), /No text/)
    assert.match(noteOf(stateOf({ phase: 'reading' })), /is being read/)
    assert.equal(noteOf(stateOf({ pages: onePage })), '')
  })
})
