import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import sharp from 'sharp'
import { type Box, type Word, wordsOf } from '../../contract/ocr.ts'
import { parseHocr } from '../engine/hocr.ts'
import { type PdfPage, searchablePdf } from './searchable-pdf.ts'

const run = (file: string, ...args: string[]) =>
  execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })

/** tesseract's data directory, which it names above its languages. */
function pdfFont(): Uint8Array {
  const [, directory = ''] = /"(.+)"/.exec(run('tesseract', '--list-langs')) ?? []
  return readFileSync(join(directory, 'pdf.ttf'))
}

const options = { font: pdfFont(), creator: 'tesseract 5', lang: 'en' }
const dpi = 200
const pointsPerPixel = 72 / dpi
const letterWidth = 22
const letterHeight = 40

/** Words side by side, a letter as wide as any other. */
function line(y: number, texts: readonly string[]): Word[] {
  let x = 50
  return texts.map((text) => {
    const box = { x, y, width: [...text].length * letterWidth, height: letterHeight }
    x += box.width + letterWidth
    return { text, confidence: 0.9, box }
  })
}

async function pageOf(
  width: number,
  height: number,
  texts: ReadonlyArray<readonly string[]>,
): Promise<PdfPage & { words: Word[] }> {
  const lines = texts.map((words, index) => line(40 + index * 60, words))
  const jpeg = await sharp({ create: { width, height, channels: 3, background: 'white' } })
    .jpeg()
    .toBuffer()
  const box = { x: 0, y: 0, width, height }
  const paragraph = { box, lines: lines.map((words) => ({ box, words })) }
  const page = { width, height, dpi, blocks: [{ box, paragraphs: [paragraph] }] }
  return { page, jpeg, words: lines.flat() }
}

const failed: PdfPage = { page: { width: 0, height: 0, blocks: [] }, jpeg: undefined }

/** The boxes of the words by pdftotext, in pixels. */
function wordBoxes(file: string, page: number): Array<{ text: string; box: Box }> {
  const html = run('pdftotext', '-bbox', '-f', String(page), '-l', String(page), file, '-')
  const word = /<word xMin="(\S+)" yMin="(\S+)" xMax="(\S+)" yMax="(\S+)">(.*)<\/word>/g
  return [...html.matchAll(word)].map(([, ...groups]) => {
    const [x = 0, y = 0, right = 0, bottom = 0] = groups
      .slice(0, 4)
      .map((points) => Number(points) / pointsPerPixel)
    return { text: groups[4] ?? '', box: { x, y, width: right - x, height: bottom - y } }
  })
}

function intersectionOverUnion(one: Box, other: Box): number {
  const overlap = (from: number, to: number, start: number, end: number) =>
    Math.max(0, Math.min(to, end) - Math.max(from, start))
  const shared =
    overlap(one.x, one.x + one.width, other.x, other.x + other.width) *
    overlap(one.y, one.y + one.height, other.y, other.y + other.height)
  return shared / (one.width * one.height + other.width * other.height - shared)
}

describe('searchablePdf', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'searchable-pdf-'))
  })
  after(() => rmSync(folder, { recursive: true }))

  async function fileOf(...pages: PdfPage[]): Promise<string> {
    const file = join(folder, 'test.pdf')
    writeFileSync(file, await searchablePdf(pages, options))
    return file
  }

  const textOf = (file: string) => run('pdftotext', file, '-')

  it('holds the text in order, lines and words', async () => {
    const file = await fileOf(
      await pageOf(900, 300, [
        ['Hello', 'world,'],
        ['second', 'line'],
      ]),
    )
    assert.equal(textOf(file), 'Hello world,\nsecond line\n\n\f')
  })

  it('puts each word over its box', async () => {
    const page = await pageOf(900, 400, [['Wide', 'i', 'narrow'], ['a', 'bcdefghijkl'], ['x']])
    const found = wordBoxes(await fileOf(page), 1)
    assert.equal(found.length, page.words.length)
    for (const [index, { text, box }] of page.words.entries()) {
      const other = found[index]
      assert.equal(other?.text, text)
      const ratio = intersectionOverUnion(box, other.box)
      assert.ok(ratio > 0.99, `${text}: ${ratio}`)
    }
  })

  it('holds a page that was really read in order, each word over its box', async () => {
    const hocr = run('tesseract', 'examples/invoice.png', '-', 'hocr')
    const page = { ...parseHocr(hocr), dpi }
    const jpeg = await sharp('examples/invoice.png').jpeg().toBuffer()
    const file = await fileOf({ page, jpeg })
    assert.match(textOf(file), /^Green Valley Seeds\n12 Orchard Lane, Millbrook\n/)
    const found = wordBoxes(file, 1)
    const words = wordsOf(page.blocks)
    assert.equal(found.length, words.length)
    for (const { text, box } of words) {
      const ratios = found
        .filter((other) => other.text === text)
        .map((other) => intersectionOverUnion(box, other.box))
      assert.ok(Math.max(...ratios) > 0.9, `${text}: ${ratios}`)
    }
  })

  it('keeps words of different heights in their line', async () => {
    const page = await pageOf(900, 200, [['on', 'high', 'and', 'stain']])
    const heights = [20, 40, 30, 150]
    for (const [index, { box }] of page.words.entries()) {
      const height = heights[index] ?? 0
      Object.assign(box, { y: box.y + box.height - height, height })
    }
    const file = await fileOf(page)
    assert.match(textOf(file), /^on high and\b/)
    for (const [index, { box }] of wordBoxes(file, 1).entries()) {
      const word = page.words[index]
      assert.ok(word && intersectionOverUnion(box, word.box) > 0.9, word?.text)
    }
  })

  it('keeps words apart that touch', async () => {
    const page = await pageOf(900, 200, [['left', 'right']])
    const [left, right] = page.words
    if (left && right) right.box.x = left.box.x + left.box.width
    assert.equal(textOf(await fileOf(page)), 'left right\n\n\f')
  })

  const scripts = {
    Greek: ['Καλημέρα', 'κόσμε'],
    Cyrillic: ['Привет', 'мир'],
    'Chinese and Japanese': ['日本語', '中文'],
    emoji: ['😀👍', 'and', 'text'],
    'rare Han characters': ['𠮷野家', '𝒳'],
  }
  for (const [name, words] of Object.entries(scripts)) {
    it(`holds ${name}`, async () => {
      assert.equal(textOf(await fileOf(await pageOf(900, 200, [words]))).trim(), words.join(' '))
    })
  }

  it('holds Hebrew and Arabic in the order of reading', async () => {
    const page = await pageOf(900, 300, [
      ['עולם', 'שלום'],
      ['بالعالم', 'مرحبا'],
    ])
    // The words were placed from left to right, and are read from right to left.
    for (const { lines } of page.page.blocks[0]?.paragraphs ?? []) {
      for (const { words } of lines) words.reverse()
    }
    const marks = /[\u202A-\u202E]/g
    assert.equal(textOf(await fileOf(page)).replace(marks, ''), 'שלום עולם\nمرحبا بالعالم\n\n\f')
  })

  it('holds several hundred different characters', async () => {
    const text = String.fromCodePoint(...Array.from({ length: 700 }, (_, index) => 0x4e00 + index))
    const lines = (text.match(/.{1,35}/gu) ?? []).map((line) => [line])
    const file = await fileOf(await pageOf(900, 1300, lines))
    assert.equal(textOf(file).replaceAll(/\s/g, ''), text)
  })

  it('gives pages the size of their pictures, and a failed page A4', async () => {
    const file = await fileOf(
      await pageOf(1000, 600, [['first']]),
      failed,
      await pageOf(400, 800, [['third']]),
    )
    const info = run('pdfinfo', '-l', '3', file)
    const sizes = [...info.matchAll(/size: +([\d.]+ x [\d.]+)/g)].map(([, size]) => size)
    assert.deepEqual(sizes, ['360 x 216', '595.28 x 841.89', '144 x 288'])
    assert.equal(textOf(file), 'first\n\n\f\fthird\n\n\f')
  })

  it('takes 300 pixels per inch where the resolution is not known', async () => {
    const { page, jpeg } = await pageOf(900, 300, [['text']])
    const { dpi: _, ...unknown } = page
    assert.match(run('pdfinfo', await fileOf({ page: unknown, jpeg })), /size: +216 x 72 pts/)
  })

  it('keeps to the largest page that a PDF may have', async () => {
    const { page, jpeg, words } = await pageOf(1000, 500, [['huge']])
    const file = await fileOf({ page: { ...page, dpi: 1 }, jpeg })
    assert.match(run('pdfinfo', file), /size: +14400 x 7200 pts/)
    assert.equal(textOf(file).trim(), words[0]?.text)
  })

  it('shows the picture', async () => {
    const jpeg = await sharp({ create: { width: 60, height: 40, channels: 3, background: 'red' } })
      .jpeg({ quality: 100 })
      .toBuffer()
    const file = await fileOf({
      page: { width: 60, height: 40, dpi: 72, blocks: [] },
      jpeg,
    })
    run('pdftoppm', '-r', '72', '-png', '-singlefile', file, join(folder, 'page'))
    const { channels } = await sharp(join(folder, 'page.png')).stats()
    assert.deepEqual(
      channels.map(({ min, max }) => [min, max]),
      [
        [254, 254],
        [0, 0],
        [0, 0],
      ],
    )
  })

  it('shows nothing of the text', async () => {
    const { page, jpeg } = await pageOf(900, 200, [['invisible']])
    const rendered = async (blocks: PdfPage['page']['blocks']) => {
      const file = await fileOf({ page: { ...page, blocks }, jpeg })
      run('pdftoppm', '-r', '72', '-png', '-singlefile', file, join(folder, 'page'))
      return readFileSync(join(folder, 'page.png'))
    }
    assert.deepEqual(await rendered(page.blocks), await rendered([]))
  })

  it('reads words without an extent or text', async () => {
    const page = await pageOf(900, 200, [['flat', '', 'last']])
    for (const { box } of page.words) Object.assign(box, { width: 0, height: 0 })
    assert.match(textOf(await fileOf(page)), /flat/)
  })

  it('gives the same bytes for the same pages, whenever that is', async (t) => {
    t.mock.timers.enable({ apis: ['Date'] })
    const pages = [await pageOf(900, 200, [['same']]), failed]
    const first = await searchablePdf(pages, options)
    t.mock.timers.tick(1_100)
    assert.deepEqual(await searchablePdf(pages, options), first)
    assert.doesNotMatch(Buffer.from(first).toString('latin1'), /CreationDate|ModDate/)
  })
})
