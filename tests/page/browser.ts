import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'

/** How somebody looks at the page. */
export interface Look {
  readonly width?: number
  readonly height?: number
  readonly isDark?: boolean
  readonly isTouch?: boolean
  readonly reducesMotion?: boolean
}

export const phone = { width: 390, height: 844, isTouch: true } as const

/** A page that is open, with what went wrong in it. */
export interface Opened extends AsyncDisposable {
  readonly page: Page
  /** Messages of the console, and errors that nobody has caught. */
  readonly errors: string[]
  /** Where downloads go. */
  readonly downloads: string
}

/** Chromium of Debian's package; as root it has no sandbox. */
export const startBrowser = (): Promise<Browser> =>
  puppeteer.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })

export async function open(browser: Browser, url: string, look: Look = {}): Promise<Opened> {
  const {
    width = 1280,
    height = 800,
    isDark = false,
    isTouch = false,
    reducesMotion = false,
  } = look
  const resources = new AsyncDisposableStack()
  const context = resources.adopt(await browser.createBrowserContext(), (opened) => opened.close())
  const downloads = mkdtempSync(join(tmpdir(), 'ocr-downloads-'))
  resources.defer(() => rmSync(downloads, { recursive: true, force: true }))
  const page = await context.newPage()
  const errors: string[] = []
  page.on('console', (message) => {
    const text = message.text()
    // Of the tests, which read what is drawn.
    if (text.startsWith('Canvas2D: Multiple readback')) return
    if (['error', 'warn'].includes(message.type())) errors.push(text)
  })
  page.on('pageerror', (error) => errors.push(String(error)))
  const session = await browser.target().createCDPSession()
  await session.send('Browser.setDownloadBehavior', {
    behavior: 'allow',
    downloadPath: downloads,
    ...(context.id && { browserContextId: context.id }),
  })
  await page.setViewport({ width, height, hasTouch: isTouch, isMobile: isTouch })
  await page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: isDark ? 'dark' : 'light' },
    { name: 'prefers-reduced-motion', value: reducesMotion ? 'reduce' : 'no-preference' },
  ])
  await page.goto(url, { waitUntil: 'networkidle0' })
  return {
    page,
    errors,
    downloads,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}
