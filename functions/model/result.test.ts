import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import sharp from 'sharp'
import { OcrError } from '../contract/errors.ts'
import type { Block } from '../contract/ocr.ts'
import { admit } from './admit.ts'
import { fakeInstallation } from './fixtures/installation.ts'
import type { PageReading } from './page-reader.ts'
import { documentOf } from './result.ts'

const box = { x: 11, y: 21, width: 31, height: 19 }
const block = (...texts: string[]): Block => ({
  box,
  paragraphs: [
    { box, lines: [{ box, words: texts.map((text) => ({ text, confidence: 0.8, box })) }] },
  ],
})
const admitted = admit(
  { image: Buffer.alloc(1), options: {} },
  {
    maxImageBytes: 1,
    defaultLang: 'eng',
    engine: 'warm' as const,
    installation: fakeInstallation,
  },
)

function reading(blocks: Block[], change: { frames?: number } & Partial<PageReading> = {}) {
  const { frames = 1, ...rest } = change
  return {
    image: {
      pixels: sharp({ create: { width: 1, height: 1, channels: 3, background: 'white' } }),
      width: 300,
      height: 200,
      isGray: true,
      hasAlpha: false,
      density: 299.9994,
      frames,
      turned: 0,
      isReduced: false,
    },
    blocks,
    preprocessing: [],
    scaledTo: undefined,
    orientation: undefined,
    jpeg: undefined,
    picture: undefined,
    ...rest,
  } satisfies PageReading
}

const documentFor = (...args: Parameters<typeof reading>) =>
  documentOf([{ number: 1, reading: reading(...args) }], 1, admitted)
const codes = (document: ReturnType<typeof documentFor>) =>
  document.warnings.map(({ code }) => code)

describe('documentOf', () => {
  it('has the text, the confidence, the quality and the size of the page', () => {
    const document = documentFor([block('one', 'two')])
    assert.deepEqual([document.text, document.confidence], ['one two', 0.8])
    assert.deepEqual(document.quality, { words: 2, uncertainWords: 0, lowestDecile: 0.8 })
    const [page] = document.pages
    assert.deepEqual([page?.number, page?.width, page?.height, page?.dpi], [1, 300, 200, 300])
    assert.deepEqual([document.complete, document.pageCount, document.warnings], [true, 1, []])
    assert.deepEqual(document.engine, admitted.info)
  })

  it('leaves blank words out of the tree and warns when nothing else is there', () => {
    const document = documentFor([block(' ')])
    assert.deepEqual(document.pages[0]?.blocks, [])
    assert.deepEqual([document.text, document.confidence], ['', 0])
    assert.deepEqual(document.warnings, [
      { code: 'no_text', message: 'No text was found on the page.', page: 1 },
    ])
  })

  it('warns of small print, of scaling and of frames that were left out', () => {
    const low = {
      ...block('low'),
      paragraphs: [{ box, lines: [{ box: { ...box, height: 11 }, words: [] }] }],
    }
    assert.deepEqual(codes(documentFor([block('high')])), [])
    const small = block('low')
    const [line] = small.paragraphs[0]?.lines ?? []
    if (line) line.box = { ...box, height: 11 }
    assert.deepEqual(codes(documentFor([small, low])), ['small_text'])
    const scaledTo = { width: 30, height: 20 }
    assert.deepEqual(codes(documentFor([block('one')], { scaledTo })), ['scaled_down'])
    assert.deepEqual(codes(documentFor([block('one')], { frames: 3 })), ['first_frame_only'])
  })

  it('tells how a page was turned, or that it cannot be told', () => {
    const asked = { ...admitted, rotate: 'auto' } as const
    const orientation = { rotated: 90, confidence: 9, script: 'Latin', scriptConfidence: 2 }
    const turned = { number: 1, reading: reading([block('one')], { orientation }) }
    assert.deepEqual(documentOf([turned], 1, asked).pages[0]?.orientation, orientation)
    const unknown = { number: 1, reading: reading([block('one')]) }
    assert.deepEqual(codes(documentOf([unknown], 1, asked)), ['orientation_unknown'])
  })

  it('keeps the gaps between words where that is asked for', () => {
    const wide = block('ab', 'cd')
    const [, second] = wide.paragraphs[0]?.lines[0]?.words ?? []
    if (second) second.box = { ...box, x: 11 + 31 + 62 }
    const outcome = { number: 1, reading: reading([wide]) }
    assert.equal(documentOf([outcome], 1, admitted).text, 'ab cd')
    assert.equal(documentOf([outcome], 1, { ...admitted, keepsSpaces: true }).text, 'ab   cd')
  })

  it('has the pages that were read, and the error of the one that was not in its place', () => {
    const error = new OcrError('undecodable_image', 'Damaged.')
    const document = documentOf(
      [
        { number: 3, reading: reading([block('three')]) },
        { number: 4, error },
        { number: 5, reading: reading([block('five')]) },
      ],
      9,
      admitted,
    )
    assert.deepEqual([document.complete, document.pageCount], [false, 9])
    assert.equal(document.text, 'three\n\f\n\ffive')
    const [, failed] = document.pages
    assert.deepEqual(failed?.error, { code: 'undecodable_image', message: 'Damaged.' })
    assert.deepEqual([failed?.number, failed?.width, failed?.blocks], [4, 0, []])
  })

  it('throws when no page was read', () => {
    const error = new OcrError('undecodable_image', 'Damaged.')
    const outcomes = [1, 2].map((number) => ({ number, error }))
    assert.throws(() => documentOf(outcomes, 2, admitted), error)
  })
})
