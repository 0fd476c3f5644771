import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Block, Box, Word } from '../../contract/ocr.ts'
import { textLayer } from './text-layer.ts'

const variant = (height: number) => ({
  name: `H${Math.round(100 * height)}`,
  reference: {} as PDFKit.PDFKitReference,
})
const font = { variant, encode: (text: string) => `(${text})`, end() {} }

const box = (x: number, y: number, width: number, height: number): Box => ({ x, y, width, height })
const word = (text: string, at: Box): Word => ({ text, confidence: 1, box: at })

/** Lines of one paragraph. */
const blocksOf = (...lines: Word[][]): Block[] => {
  const around = box(0, 0, 1000, 1000)
  const paragraph = { box: around, lines: lines.map((words) => ({ box: around, words })) }
  return [{ box: around, paragraphs: [paragraph] }]
}

/** The operators of the words, at half a point per pixel. */
const shown = (...lines: Word[][]): string[] =>
  textLayer(blocksOf(...lines), 0.5, font)
    .operators.split('\n')
    .slice(3, -2)

describe('textLayer', () => {
  it('stretches a word over its box', () => {
    assert.deepEqual(shown([word('text', box(100, 200, 120, 40))]), [
      '/H100 20 Tf 150 Tz 1 0 0 -1 50 120 Tm (text) Tj',
    ])
  })

  it('shows nothing', () => {
    const { operators } = textLayer([], 1, font)
    assert.equal(operators, 'q\nBT\n3 Tr\nET\nQ')
  })

  it('puts spaces between the words of a line', () => {
    const words = [word('a', box(0, 0, 20, 20)), word('b', box(40, 0, 20, 20))]
    const texts = shown(words, words).map((operators) => /\(.*\)/.exec(operators)?.[0])
    assert.deepEqual(texts, ['(a )', '(b)', '(a )', '(b)'])
  })

  it('gives the words of a paragraph one size, and variants of the font by their heights', () => {
    const [low, high] = [word('on', box(0, 10, 20, 10)), word('top', box(0, 0, 30, 20))]
    const fonts = shown([low], [high]).map((operators) => /^(\S+ \S+) Tf/.exec(operators)?.[1])
    assert.deepEqual(fonts, ['/H50 10', '/H100 10'])
  })

  it('gives a size of its own to what is far taller than the words around it', () => {
    const words = [20, 20, 20, 200].map((height) => word('x', box(0, 0, 10, height)))
    const fonts = shown(words).map((operators) => /^(\S+ \S+) Tf/.exec(operators)?.[1])
    assert.deepEqual(fonts, ['/H100 10', '/H100 10', '/H100 10', '/H100 100'])
  })

  it('makes room between words that touch, but at most half of a word', () => {
    const touching = [
      word('ab', box(0, 0, 100, 100)),
      word('cd', box(100, 0, 10, 100)),
      word('ef', box(110, 0, 100, 100)),
    ]
    const stretches = shown(touching).map((operators) => Number(/(\S+) Tz/.exec(operators)?.[1]))
    assert.deepEqual(stretches, [88, 5, 100])
  })

  it('keeps the boxes of words below each other', () => {
    const column = [word('a', box(5, 0, 40, 40)), word('b', box(0, 40, 40, 40))]
    const stretches = shown(column).map((operators) => Number(/(\S+) Tz/.exec(operators)?.[1]))
    assert.deepEqual(stretches, [200, 200])
  })

  it('lists each font once', () => {
    const words = [word('a', box(0, 0, 20, 20)), word('b', box(40, 0, 20, 20))]
    const same = variant(1)
    const { fonts } = textLayer(blocksOf(words), 1, { ...font, variant: () => same })
    assert.deepEqual(fonts, [same])
  })
})
