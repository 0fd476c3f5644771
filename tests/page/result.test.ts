import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { openAsBlob, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import type { OcrAnswer } from '../../functions/contract/answers.ts'
import type { Word } from '../../functions/contract/ocr.ts'
import { until } from '../services/until.ts'
import {
  type Box,
  darknessOf,
  isDrawnAt,
  marked,
  nextFrame,
  onScreen,
  pointAtText,
  readSample,
  shownText,
  textOf,
} from './actions.ts'
import type { Opened } from './browser.ts'
import { useSuite } from './setup.ts'

const cornersOf = ({ x, y, width, height }: Box) => [
  { x, y },
  { x: x + width, y },
  { x, y: y + height },
  { x: x + width, y: y + height },
]

describe('the result on the page', () => {
  const suite = useSuite()
  let opened: Opened
  let answer: OcrAnswer
  let words: Word[]
  before(async () => {
    const body = await openAsBlob('examples/invoice.png')
    const headers = { 'content-type': 'application/octet-stream' }
    const response = await fetch(`${suite.url}/v1/ocr`, { method: 'POST', body, headers })
    answer = (await response.json()) as OcrAnswer
    words = answer.pages.flatMap(({ blocks }) =>
      blocks.flatMap(({ paragraphs }) =>
        paragraphs.flatMap(({ lines }) => lines.flatMap((line) => line.words)),
      ),
    )
    opened = await suite.open()
    await readSample(opened.page, 'invoice.png')
  })

  const wordNamed = (text: string): Word => {
    const word = words.find((word) => word.text === text)
    assert.ok(word, text)
    return word
  }
  const middleOf = async (text: string) => {
    const { x, y, width, height } = await onScreen(opened.page, wordNamed(text).box)
    return { x: x + width / 2, y: y + height / 2 }
  }

  it('is the text of the gateway', async () => {
    assert.equal(await shownText(opened.page), answer.text)
    assert.match(await textOf(opened.page, '#quality'), /^54 words · 95 % sure · none uncertain · /)
  })

  it('has boxes where the picture has words, and none between them', async () => {
    const { page } = opened
    const boxes = words.map(({ box }) => box)
    assert.ok(boxes.length > 50)
    for (const [index, dark] of (await darknessOf(page, boxes)).entries()) {
      assert.ok(dark > 0.08 && dark < 0.8, `${words[index]?.text}: ${dark}`)
    }
    const beside = boxes.map((box) => ({ ...box, y: box.y + 0.1 * box.height, x: 5, width: 40 }))
    assert.ok((await darknessOf(page, beside)).every((dark) => dark === 0))
    for (const { text, box } of words) {
      const drawn = await isDrawnAt(page, cornersOf(await onScreen(page, box)))
      assert.ok(drawn.filter(Boolean).length >= 2, text)
    }
  })

  it('keeps boxes on their words when it is zoomed and moved', async () => {
    const { page } = opened
    await page.click('#zoom-in')
    await page.click('#zoom-in')
    await page.focus('#viewport')
    await page.keyboard.down('Shift')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.up('Shift')
    await nextFrame(page)
    const { box } = wordNamed('order.')
    assert.ok((await isDrawnAt(page, cornersOf(await onScreen(page, box)))).every(Boolean))
    await page.keyboard.press('0')
    await nextFrame(page)
  })

  it('marks a word of the picture in the text, and tells it', async () => {
    const { page } = opened
    const { x, y } = await middleOf('Millbrook')
    await page.mouse.move(x, y)
    await page.waitForSelector('#word-tip:not([hidden])')
    assert.deepEqual(await marked(page, 'marked'), ['Millbrook'])
    const { confidence } = wordNamed('Millbrook')
    const percent = Math.floor(confidence * 100 + 1e-9)
    assert.equal(await textOf(page, '#word-tip'), `Millbrook${percent} % certain`)
    await page.mouse.move(2, 2)
    await page.waitForSelector('#word-tip[hidden]')
    assert.deepEqual(await marked(page, 'marked'), [])
  })

  it('marks a word of the text in the picture, and tells it', async () => {
    const { page } = opened
    await pointAtText(page, 'Tomato,')
    assert.equal(await textOf(page, '#word-tip-text'), 'Tomato,')
    const box = await onScreen(page, wordNamed('Tomato,').box)
    const mark = await page.$eval('#word-mark', (element) =>
      element.getBoundingClientRect().toJSON(),
    )
    for (const side of ['x', 'y', 'width', 'height'] as const) {
      assert.ok(Math.abs(mark[side] - box[side]) < 1, side)
    }
    await page.mouse.move(2, 2)
    await page.waitForSelector('#word-mark[hidden]')
  })

  it('shows the picture without boxes when that is wanted', async () => {
    const { page } = opened
    const corners = cornersOf(await onScreen(page, wordNamed('Basil,').box))
    await page.keyboard.press('b')
    await nextFrame(page)
    assert.deepEqual(new Set(await isDrawnAt(page, corners)), new Set([false]))
    await page.keyboard.press('b')
    await nextFrame(page)
    assert.deepEqual(new Set(await isDrawnAt(page, corners)), new Set([true]))
  })

  it('goes from word to word by keys, and says each', async () => {
    const { page } = opened
    await page.focus('#viewport')
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowDown')
    assert.match(await textOf(page, '#announcer'), /^Orchard, \d+ percent$/)
    assert.deepEqual(await marked(page, 'marked'), ['Orchard'])
    await page.focus('#text')
    await page.keyboard.press('ArrowLeft')
    assert.deepEqual(await marked(page, 'marked'), ['12'])
    await page.keyboard.press('Escape')
    assert.deepEqual(await marked(page, 'marked'), [])
  })

  it('hides words under a confidence in the picture and pales them in the text', async () => {
    const { page } = opened
    const slider = await page.$('#threshold')
    await slider?.focus()
    await page.keyboard.press('End')
    await nextFrame(page)
    const corners = cornersOf(await onScreen(page, wordNamed('Basil,').box))
    assert.ok((await isDrawnAt(page, corners)).every((isDrawn) => !isDrawn))
    assert.equal((await marked(page, 'hidden-words')).length, words.length)
    await page.keyboard.press('Home')
    await nextFrame(page)
    assert.ok((await isDrawnAt(page, corners)).every(Boolean))
    assert.equal((await marked(page, 'hidden-words')).length, 0)
  })

  it('is searched, whatever the case, around the end', async () => {
    const { page } = opened
    await page.keyboard.press('/')
    await page.keyboard.type('seeds')
    assert.equal(await textOf(page, '#match-count'), '1 of 3')
    assert.deepEqual(await marked(page, 'found'), ['Seeds', 'seeds', 'Seeds'])
    await page.keyboard.press('Enter')
    assert.deepEqual(await marked(page, 'current-match'), ['seeds'])
    await page.click('#previous-match')
    await page.click('#previous-match')
    assert.equal(await textOf(page, '#match-count'), '3 of 3')
    await page.focus('#query')
    await page.keyboard.press('Escape')
    assert.deepEqual(await marked(page, 'found'), [])
  })

  it('stands as on the page when that is wanted', async () => {
    const { page } = opened
    await page.click('#as-layout')
    assert.match(await shownText(page), /^Invoice 2041 {20,}14 March 2026$/m)
    assert.match(await shownText(page), /^ +5 +Sunflower, dwarf +11\.25$/m)
    await pointAtText(page, '11.25')
    assert.equal(await textOf(page, '#word-tip-text'), '11.25')
    await page.click('#as-reading')
  })

  for (const [format, extension, holds] of [
    ['text', 'txt', /^Green Valley Seeds\n/],
    ['json', 'json', /"text": "Green"/],
    ['hocr', 'hocr', /class=.ocrx_word/],
    ['tsv', 'tsv', /^level\tpage_num\t/],
    ['alto', 'alto.xml', /<String [^>]*CONTENT="Green"/],
    ['pdf', 'pdf', /^%PDF-/],
  ] as const) {
    it(`is saved as ${format}`, async () => {
      const { page, downloads } = opened
      const name = `invoice.${extension}`
      await page.click('#open-downloads')
      await page.click(`[data-format="${format}"]`)
      const file = join(downloads, name)
      await until(() => readdirSync(downloads).includes(name) || undefined)
      assert.match(readFileSync(file, 'latin1'), holds)
      if (format === 'text') assert.equal(readFileSync(file, 'utf8'), answer.text)
      if (format === 'json') {
        const { timings: _timings, ...saved } = JSON.parse(readFileSync(file, 'utf8'))
        const { timings: _others, ...expected } = answer
        assert.deepEqual(saved, expected)
      }
      await page.waitForSelector('#downloads:not(:popover-open)')
    })
  }

  it('is copied', async () => {
    const { page } = opened
    await page.browserContext().overridePermissions(new URL(page.url()).origin, ['clipboard-read'])
    await page.click('#copy')
    await page.waitForFunction(() =>
      /clipboard/.test(document.querySelector('#toast')?.textContent ?? ''),
    )
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), answer.text)
  })

  it('is the same by the command that is shown', async () => {
    const command = await textOf(opened.page, '#curl')
    const { stdout } = await promisify(execFile)('sh', ['-c', command])
    const { text } = JSON.parse(stdout)
    assert.equal(text, answer.text)
  })

  it('has told nothing wrong in the console', () => assert.deepEqual(opened.errors, []))
})
