import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import axe from 'axe-core'
import type { Page } from 'puppeteer-core'
import { startGateway } from '../services/start.ts'
import { chooseFile, readSample, shownText, textOf, untilProgress } from './actions.ts'
import { type Look, open, phone } from './browser.ts'
import { useSuite } from './setup.ts'

const folder = mkdtempSync(join(tmpdir(), 'ocr-guards-'))
after(() => rmSync(folder, { recursive: true }))
const damaged = join(folder, 'damaged.png')
writeFileSync(damaged, readFileSync('examples/invoice.png').subarray(0, 400))

/** What axe finds of what keeps people out. */
async function barriersOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const violations = await page.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as { axe: typeof axe }
    return (await checker.run(document)).violations
  })
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

/** Names of all that moves from now on until the pages of a document are told. */
const animationsUntilPages = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const names = new Set<string>()
    const facts = document.querySelector('#document-facts')
    while (!/ of 3 /.test(facts?.textContent ?? '')) {
      for (const animation of document.getAnimations()) {
        if (animation instanceof CSSAnimation) names.add(animation.animationName)
      }
      await new Promise(requestAnimationFrame)
    }
    return [...names].sort()
  })

/** What there is to see of the page, one after the other. */
const stages: ReadonlyArray<readonly [name: string, lead: (page: Page) => Promise<unknown>]> = [
  ['the start', async () => {}],
  ['the shortcuts', (page) => page.keyboard.press('?')],
  [
    'the options',
    async (page) => {
      await page.click('#help [data-close]')
      await page.click('#open-options')
      await page.click('.more summary')
    },
  ],
  [
    'an error',
    async (page) => {
      await page.click('#apply')
      await chooseFile(page, damaged)
      await page.waitForSelector('#notes [role="alert"]')
    },
  ],
  [
    'a result',
    async (page) => {
      await page.click('#new')
      await readSample(page, 'invoice.png')
    },
  ],
  [
    'several pages',
    async (page) => {
      await page.click('#new')
      await readSample(page, 'letter.pdf')
    },
  ],
  [
    'their text',
    (page) =>
      page.$eval('#show-text', (button) => {
        if (button instanceof HTMLElement) button.click()
      }),
  ],
]

describe('the page', () => {
  const suite = useSuite()

  it('is small', () => {
    const files = globSync('functions/gateway/web/{index.html,page/*.{js,css,svg}}')
    const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0)
    assert.ok(files.length > 3 && bytes <= 100_000, `${files.length} files, ${bytes} bytes`)
  })

  it('asks nobody but its gateway', async () => {
    await using opened = await suite.open()
    const { page } = opened
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.reload({ waitUntil: 'networkidle0' })
    await readSample(page, 'receipt.jpg')
    assert.ok(asked.length > 4)
    const { origin } = new URL(suite.url)
    for (const url of asked) assert.ok(url.startsWith(`${origin}/`) || url.startsWith('blob:'), url)
  })

  it('runs no script and takes no style that was put into it', async () => {
    await using opened = await suite.open()
    const { page } = opened
    const policy = (await page.reload())?.headers()['content-security-policy'] ?? ''
    assert.match(policy, /default-src 'none'/)
    assert.doesNotMatch(policy, /unsafe|data:|\*/)
    const ran = await page.evaluate(async () => {
      const script = document.createElement('script')
      script.textContent = 'document.title = "taken"'
      document.body.append(script)
      document.body.insertAdjacentHTML(
        'beforeend',
        '<img src="/none" onerror="document.title = \'taken\'"><p id="styled" style="color: red">x</p>',
      )
      await new Promise((resolve) => setTimeout(resolve, 200))
      const styled = document.querySelector('#styled')
      return [document.title, styled && getComputedStyle(styled).color]
    })
    assert.notEqual(ran[0], 'taken')
    assert.notEqual(ran[1], 'rgb(255, 0, 0)')
    assert.ok(opened.errors.some((error) => /Content Security Policy/.test(error)))
  })

  for (const [look, name] of [
    [{}, 'by day'],
    [{ isDark: true }, 'by night'],
    [phone, 'on a phone by day'],
    [{ ...phone, isDark: true }, 'on a phone by night'],
  ] as ReadonlyArray<[Look, string]>) {
    it(`keeps nobody out ${name}`, async () => {
      await using opened = await suite.open(look)
      for (const [stage, lead] of stages) {
        await lead(opened.page)
        assert.deepEqual(await barriersOf(opened.page), [], stage)
      }
    })
  }

  it('has room in a window of 360 pixels', async () => {
    await using opened = await suite.open({ ...phone, width: 360, height: 640 })
    for (const [stage, lead] of stages) {
      await lead(opened.page)
      const wide = await opened.page.evaluate(() => document.documentElement.scrollWidth)
      assert.ok(wide <= 360, `${stage}: ${wide} pixels`)
    }
  })

  it('does not jump while it is read', async () => {
    await using opened = await suite.open()
    const { page } = opened
    await readSample(page, 'letter.pdf')
    const shift = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          new PerformanceObserver((list) => {
            const entries = list.getEntries() as unknown as Array<{ value: number }>
            resolve(entries.reduce((sum, { value }) => sum + value, 0))
          }).observe({ type: 'layout-shift', buffered: true })
          setTimeout(() => resolve(0), 300)
        }),
    )
    assert.ok(shift < 0.02, `${shift}`)
  })

  it('does not move for who does not want that', async () => {
    for (const reducesMotion of [false, true]) {
      await using opened = await suite.open({ reducesMotion })
      const { page } = opened
      const animations = animationsUntilPages(page)
      await page.click('[data-sample="letter.pdf"]')
      assert.deepEqual(await animations, reducesMotion ? [] : ['scan', 'sweep'])
    }
  })

  it('is used by keys alone, from the start to the result and back', async () => {
    await using opened = await suite.open()
    const { page } = opened
    const focused = () => page.evaluate(() => document.activeElement?.id ?? '')
    const tabTo = async (isThere: () => Promise<boolean>) => {
      for (let presses = 0; presses < 30 && !(await isThere()); presses++) {
        await page.keyboard.press('Tab')
      }
      assert.ok(await isThere())
    }
    const isSample = () =>
      page.evaluate(() => document.activeElement?.matches('[data-sample="invoice.png"]') ?? false)
    await tabTo(isSample)
    await page.keyboard.press('Enter')
    await untilProgress(page, /1 page read/)
    assert.equal(await focused(), 'viewport')
    await tabTo(async () => (await focused()) === 'open-downloads')
    await page.keyboard.press('Enter')
    await page.waitForSelector('#downloads:popover-open')
    await page.keyboard.press('Escape')
    await page.waitForSelector('#downloads:not(:popover-open)')
    await page.focus('#new')
    await page.keyboard.press('Enter')
    assert.equal(await focused(), 'choose')
  })

  it('asks for a key where the gateway wants one, and keeps it to itself', async () => {
    const key = `ocr_${randomBytes(32).toString('base64url')}`
    const keysFile = join(folder, 'keys')
    writeFileSync(keysFile, `alice ${createHash('sha256').update(key).digest('hex')}\n`)
    const settings = { OCR_ACCESS: 'keys', OCR_KEYS_FILE: keysFile }
    const gateway = await startGateway(suite.model, settings)
    await using _stopped = { [Symbol.asyncDispose]: async () => void (await gateway.stop()) }
    await using opened = await open(suite.browser, gateway.url)
    const { page } = opened
    const enter = async (text: string) => {
      await page.waitForSelector('dialog#key[open]')
      await page.type('#key-input', text)
      await page.keyboard.press('Enter')
    }
    await page.click('[data-sample="invoice.png"]')
    await enter('wrong')
    await page.waitForSelector('dialog#key[open] #key-problem:not([hidden])')
    await enter(key)
    await untilProgress(page, /1 page read/)
    assert.match(await shownText(page), /Green Valley Seeds/)
    assert.match(await textOf(page, '#languages'), /English/)
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href]),
    )
    const markup = await page.content()
    assert.ok(!kept.includes(key) && !markup.includes(key))
    assert.match(await textOf(page, '#curl'), /Bearer \$OCR_KEY/)
  })
})
