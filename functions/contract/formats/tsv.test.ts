import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { renderText } from '../../../tests/documents/render.ts'
import { parseHocr } from '../../model/engine/hocr.ts'
import { blocksOf, document, page, range, word } from './fixtures/document.ts'
import { tsvOf } from './tsv.ts'

/** The rows below the header, by column. */
function rowsOf(tsv: string): Array<Record<string, string>> {
  const [header = '', ...lines] = tsv.trimEnd().split('\n')
  const names = header.split('\t')
  return lines.map((line) =>
    Object.fromEntries(line.split('\t').map((value, index) => [names[index], value])),
  )
}

const wordFields = (words: Parameters<typeof blocksOf>) => {
  const rows = rowsOf(tsvOf(document([page({ blocks: blocksOf(...words) })])))
  return rows.filter(({ level }) => level === '5').map(({ conf, text }) => [conf, text])
}

describe('tsvOf', () => {
  it('has a row for each part of each page, numbered within the part above', () => {
    const places = tsvOf(range())
      .split('\n')
      .slice(1, -1)
      .map((row) => row.split('\t').slice(0, 6).join(' '))
    assert.deepEqual(places, [
      '1 3 0 0 0 0',
      '2 3 1 0 0 0',
      '3 3 1 1 0 0',
      '4 3 1 1 1 0',
      '5 3 1 1 1 1',
      '5 3 1 1 1 2',
      '4 3 1 1 2 0',
      '5 3 1 1 2 1',
      '3 3 1 2 0 0',
      '4 3 1 2 1 0',
      '5 3 1 2 1 1',
      '2 3 2 0 0 0',
      '3 3 2 1 0 0',
      '4 3 2 1 1 0',
      '5 3 2 1 1 1',
      '1 4 0 0 0 0',
      '1 5 0 0 0 0',
      '2 5 1 0 0 0',
      '3 5 1 1 0 0',
      '4 5 1 1 1 0',
      '5 5 1 1 1 1',
    ])
  })

  it('writes boxes, a confidence only of words, and text', () => {
    const lines = tsvOf(document([page({ blocks: blocksOf(word('six', 7, 0.96)) })])).split('\n')
    assert.equal(lines[1], '1\t1\t0\t0\t0\t0\t0\t0\t640\t480\t-1\t')
    assert.equal(lines[4], '4\t1\t1\t1\t1\t0\t0\t20\t200\t20\t-1\t')
    assert.equal(lines[5], '5\t1\t1\t1\t1\t1\t7\t20\t40\t20\t96\tsix')
  })

  it('writes confidence without the dust of binary fractions', () => {
    const values = [0, 0.07, 0.29, 0.57, 0.9665384, 1, 0.000_000_001]
    const fields = wordFields(values.map((value) => word('x', 0, value)))
    assert.deepEqual(
      fields.map(([conf]) => conf),
      ['0', '7', '29', '57', '96.6538', '100', '0'],
    )
  })

  it('holds a word in one field, whatever is in it', () => {
    const texts = ['a\tb', 'a\nb', 'a\r\n\tb', 'a\0b', 'a\u0085b', 'a\u2028b']
    const fields = wordFields(texts.map((text) => word(text)))
    assert.deepEqual(
      fields.map(([, text]) => text),
      texts.map(() => 'a b'),
    )
  })

  it('leaves all other text as it is', () => {
    const texts = [`&<>"'`, '"quoted"', '\\t', 'שלום', '日本', '😀', 'a\u00A0b']
    const fields = wordFields(texts.map((text) => word(text)))
    assert.deepEqual(
      fields.map(([, text]) => text),
      texts,
    )
  })

  it('is a header without pages', () => {
    assert.equal(
      tsvOf(document([])),
      'level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n',
    )
  })

  it('is what tesseract writes itself, but for parts of a percent', async () => {
    const text = 'Seed potatoes\nand "runner" beans\n\nAll at 12.50 & less'
    const image = await (await renderText(text, { font: 'serif', size: 14 })).png().toBuffer()
    const tesseract = (format: string) => {
      const env = { ...process.env, OMP_THREAD_LIMIT: '1' }
      return execFileSync('tesseract', ['-', '-', format], { input: image, encoding: 'utf8', env })
    }
    const inPercent = (row: Record<string, string>) => ({
      ...row,
      conf: Math.trunc(Number(row['conf'])),
    })
    const ours = rowsOf(tsvOf(document([page(parseHocr(tesseract('hocr')))])))
    assert.ok(ours.filter(({ level }) => level === '5').length >= 10)
    assert.deepEqual(ours.map(inPercent), rowsOf(tesseract('tsv')).map(inPercent))
  })
})
