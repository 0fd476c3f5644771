import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import type { Page } from 'puppeteer-core'
import { isRunning } from '../services/processes.ts'
import { busyEngine } from '../services/progress.ts'
import { until } from '../services/until.ts'
import {
  chooseFile,
  isDrawnAt,
  nextFrame,
  onScreen,
  readSample,
  shownText,
  textOf,
  untilProgress,
} from './actions.ts'
import { useSuite } from './setup.ts'

const folder = mkdtempSync(join(tmpdir(), 'ocr-documents-'))
after(() => rmSync(folder, { recursive: true }))

/** Everything that the bar has told of the progress until its end. */
function progressOf(page: Page): Promise<string[]> {
  return page.evaluate(
    () =>
      new Promise<string[]>((resolve) => {
        const told: string[] = []
        const facts = document.querySelector('#document-facts')
        new MutationObserver(() => {
          told.push(facts?.textContent ?? '')
          if (/\d pages? read$/.test(told.at(-1) ?? '') && !/ of /.test(told.at(-1) ?? '')) {
            resolve(told)
          }
        }).observe(facts ?? document, { childList: true, characterData: true, subtree: true })
      }),
  )
}

/** A file as it is dropped on the page or pasted into it. */
const give = (page: Page, how: 'drop' | 'paste', bytes: Buffer) =>
  page.evaluate(
    (kind, base64) => {
      const data = new DataTransfer()
      const content = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
      data.items.add(new File([content], `${kind}.png`, { type: 'image/png' }))
      const init = { bubbles: true, cancelable: true }
      const event =
        kind === 'drop'
          ? new DragEvent('drop', { ...init, dataTransfer: data })
          : new ClipboardEvent('paste', { ...init, clipboardData: data })
      document.body.dispatchEvent(event)
    },
    how,
    bytes.toString('base64'),
  )

describe('reading on the page', () => {
  const suite = useSuite()

  it('tells of each page of a PDF as it comes', async () => {
    await using opened = await suite.open()
    const { page, errors } = opened
    const told = progressOf(page)
    await readSample(page, 'letter.pdf')
    const seen = (await told).join('\n')
    for (const progress of [
      'Reading …',
      '1 of 3 pages read',
      '2 of 3 pages read',
      '3 pages read',
    ]) {
      assert.ok(seen.includes(progress), seen)
    }
    assert.equal((await page.$$('.thumbnail[data-state="read"] img')).length, 3)
    await page.keyboard.press(']')
    await page.keyboard.press(']')
    assert.match(await shownText(page), /Form for helpers/)
    assert.equal(await textOf(page, '#page-number'), '3 of 3')
    await page.click('.thumbnail[data-page="2"]')
    assert.match(await shownText(page), /Newspapers, bound/)
    await page.type('#query', 'gloves are')
    assert.equal(await textOf(page, '#match-count'), '1 of 1')
    assert.deepEqual(errors, [])
  })

  it('is cancelled, and the engine with it', async () => {
    await using opened = await suite.open()
    const { page, errors } = opened
    await page.click('#open-options')
    await page.click('.more summary')
    await page.type('[name="dpi"]', '600')
    await page.click('#apply')
    const busy = busyEngine(suite.model)
    await page.click('[data-sample="letter.pdf"]')
    const engine = await busy
    await page.click('#cancel')
    assert.match(await textOf(page, '#document-facts'), /Cancelled/)
    await until(() => !isRunning(engine) || undefined)
    assert.match(await textOf(page, '#notes'), /Reading was cancelled/)
    await page.waitForSelector('#again:not([hidden])')
    assert.deepEqual(errors, [])
  })

  it('tells what to do about a damaged file, and goes on with another', async () => {
    const damaged = join(folder, 'damaged.png')
    writeFileSync(damaged, readFileSync('examples/invoice.png').subarray(0, 400))
    await using opened = await suite.open()
    const { page } = opened
    await chooseFile(page, damaged)
    await page.waitForSelector('#notes [role="alert"]')
    const told = await textOf(page, '#notes [role="alert"]')
    assert.match(told, /The file is damaged/)
    assert.match(told, /choose the new file/)
    assert.match(told, /undecodable_image · request [\w-]+/)
    const [chooser] = await Promise.all([
      page.waitForFileChooser(),
      page.click('#notes [role="alert"] button'),
    ])
    await chooser.accept([join(process.cwd(), 'examples/invoice.png')])
    await untilProgress(page, /1 page read/)
    assert.equal(await page.$('#notes [role="alert"]'), null)
    assert.match(await shownText(page), /^Green Valley Seeds/)
  })

  it('tells at the start what is no document', async () => {
    const empty = join(folder, 'empty.png')
    writeFileSync(empty, '')
    await using opened = await suite.open()
    const { page } = opened
    await chooseFile(page, empty)
    const told = await textOf(page, '#start-failure')
    assert.match(told, /empty\.png is empty.+Choose an image or a PDF/)
    await readSample(page, 'invoice.png')
    await page.click('#new')
    await page.waitForSelector('#start-failure[hidden]')
  })

  for (const how of ['drop', 'paste'] as const) {
    it(`takes what is given by ${how}`, async () => {
      await using opened = await suite.open()
      const { page } = opened
      await give(page, how, readFileSync('examples/invoice.png'))
      await untilProgress(page, /1 page read/)
      assert.equal(await textOf(page, '#document-name'), `${how}.png`)
      assert.match(await shownText(page), /Green Valley Seeds/)
    })
  }

  it('reads again by other options, which are told in words', async () => {
    await using opened = await suite.open()
    const { page, errors } = opened
    await readSample(page, 'receipt.jpg')
    assert.doesNotMatch(await shownText(page), /15\.84/)
    await page.click('#open-options')
    await page.click('[name="profile"][value="best"]')
    await page.click('#languages input[value="eng"]')
    assert.equal(await textOf(page, '#summary'), 'Reads English · best.')
    await page.click('#apply')
    await untilProgress(page, /1 page read/)
    assert.match(await shownText(page), /TOTAL EUR 15\.84/)
    assert.match(await textOf(page, '#facts'), /deskew/)
    assert.match(await textOf(page, '#curl'), /-F lang=eng -F profile=best /)
    assert.deepEqual(errors, [])
  })

  it('tells an option that the gateway refuses, and leads to the options', async () => {
    await using opened = await suite.open()
    const { page } = opened
    await page.click('#open-options')
    await page.click('.more summary')
    await page.type('[name="pages"]', 'last')
    await page.click('#apply')
    await page.click('[data-sample="letter.pdf"]')
    await page.waitForSelector('#notes [role="alert"]')
    assert.match(await textOf(page, '#notes [role="alert"]'), /pages must be/)
    await page.click('#notes [role="alert"] button')
    await page.waitForSelector('dialog#options[open]')
  })

  it('shows boxes on a blank sheet where no picture comes, however many they are', async () => {
    await using opened = await suite.open()
    const { page, errors } = opened
    await page.setRequestInterception(true)
    page.on('request', (request) => {
      if (!request.url().includes('/v1/ocr')) return void request.continue()
      void request.respond({ contentType: 'application/x-ndjson', body: crowdedAnswer() })
    })
    await readSample(page, 'letter.pdf')
    assert.equal(await page.$eval('#picture', (image) => image.hasAttribute('src')), false)
    const box = await onScreen(page, { x: 0, y: 0, width: 20, height: 8 })
    await nextFrame(page)
    assert.deepEqual(await isDrawnAt(page, [{ x: box.x + box.width, y: box.y + box.height }]), [
      true,
    ])
    assert.equal((await shownText(page)).split(/\s+/).length, crowd)
    assert.deepEqual(errors, [])
  })
})

const crowd = 2500

/** A page of as many words as nobody prints. */
function crowdedAnswer(): string {
  const words = Array.from({ length: crowd }, (_, index) => ({
    text: `w${index}`,
    confidence: (index % 100) / 100,
    box: { x: 30 * (index % 50), y: 20 * Math.floor(index / 50), width: 20, height: 8 },
  }))
  const box = { x: 0, y: 0, width: 1500, height: 1000 }
  const lines = Array.from({ length: crowd / 50 }, (_, row) => ({
    box,
    words: words.slice(50 * row, 50 * (row + 1)),
  }))
  const text = lines.map(({ words }) => words.map(({ text }) => text).join(' ')).join('\n')
  const quality = { words: crowd, uncertainWords: 0, lowestDecile: 0.1 }
  const common = { text, confidence: 0.5, quality }
  const page = {
    ...{ number: 1, width: 1500, height: 1000, psm: 3, preprocessing: [], ...common },
    blocks: [{ box, paragraphs: [{ box, lines }] }],
  }
  const engine = { name: 't', version: '5', lang: 'eng', psm: 3, oem: 3, profile: 'fast', data: {} }
  const timings = { queueMs: 0, decodeMs: 0, recognizeMs: 0, parseMs: 0 }
  const document = { ...common, complete: true, pageCount: 1, engine, warnings: [], timings }
  return [
    { type: 'start', pageCount: 1, pages: [1] },
    { type: 'page', done: 1, total: 1, page },
    { type: 'end', document },
  ]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('')
}
