import assert from 'node:assert/strict'
import type { Page } from 'puppeteer-core'

// What somebody does with the page, and what there is to see then.

/** Waits until the bar tells a progress. */
export async function untilProgress(page: Page, progress: RegExp): Promise<void> {
  await page.waitForFunction(
    (pattern) =>
      new RegExp(pattern).test(document.querySelector('#document-facts')?.textContent ?? ''),
    { timeout: 30_000, polling: 20 },
    progress.source,
  )
}

const isRead = /\d pages? read$/

/** Reads a sample to its end. */
export async function readSample(page: Page, name: string): Promise<void> {
  await page.click(`[data-sample="${name}"]`)
  await page.waitForSelector('#again:not([hidden])', { timeout: 30_000 })
  await untilProgress(page, isRead)
  await nextFrame(page)
}

export async function chooseFile(page: Page, path: string): Promise<void> {
  const input = await page.$('input#choose')
  assert.ok(input)
  await input.uploadFile(path)
}

/** Until what was changed is drawn. */
export const nextFrame = (page: Page): Promise<void> =>
  page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(() => resolve()))
      }),
  )

export const textOf = (page: Page, selector: string): Promise<string> =>
  page.$eval(selector, (element) => element.textContent ?? '')

/** The text of the page that is shown. */
export const shownText = (page: Page): Promise<string> => textOf(page, '#text-body')

/** What is marked in the text as something. */
export const marked = (page: Page, mark: string): Promise<string[]> =>
  page.evaluate((name) => {
    const ranges = [...(CSS.highlights.get(name) ?? [])]
    return ranges.map(({ startContainer, startOffset, endOffset }) =>
      (startContainer.textContent ?? '').slice(startOffset, endOffset),
    )
  }, mark)

/** Moves the pointer onto the first place in the text that says so. */
export async function pointAtText(page: Page, words: string): Promise<void> {
  const { x, y } = await page.$eval(
    '#text-body',
    (body, part) => {
      const node = body.firstChild
      if (!(node instanceof Text)) throw new Error('There is no text.')
      const start = node.data.indexOf(part)
      const range = document.createRange()
      range.setStart(node, start)
      range.setEnd(node, start + part.length)
      const { left, top, width, height } = range.getBoundingClientRect()
      return { x: left + width / 2, y: top + height / 2 }
    },
    words,
  )
  await page.mouse.move(x, y)
  await nextFrame(page)
}

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Where a box of the page is in the window, told by the sheet alone. */
export const onScreen = (page: Page, box: Box): Promise<Box> =>
  page.$eval(
    '#sheet',
    (sheet, { x, y, width, height }) => {
      if (!(sheet instanceof HTMLElement)) throw new Error('There is no sheet.')
      const { left, top } = sheet.getBoundingClientRect()
      const scale = sheet.getBoundingClientRect().width / Number.parseFloat(sheet.style.width)
      return {
        x: left + x * scale,
        y: top + y * scale,
        width: width * scale,
        height: height * scale,
      }
    },
    box,
  )

/** Whether a line is drawn over the picture, within three pixels of places of the window. */
export const isDrawnAt = (page: Page, places: ReadonlyArray<{ x: number; y: number }>) =>
  page.$eval(
    '#overlay',
    (canvas, all) => {
      if (!(canvas instanceof HTMLCanvasElement)) throw new Error('There is no canvas.')
      const pen = canvas.getContext('2d')
      const { left, top } = canvas.getBoundingClientRect()
      return all.map(({ x, y }) => {
        const [startX = 0, startY = 0] = [x - left - 3, y - top - 3].map(Math.round)
        const { data } = pen?.getImageData(startX, startY, 7, 7) ?? { data: [] }
        return data.some((value, index) => index % 4 === 3 && value > 100)
      })
    },
    places,
  )

/** The share of dark pixels of the picture in each of some boxes of the page. */
export const darknessOf = (page: Page, boxes: readonly Box[]): Promise<number[]> =>
  page.$eval(
    '#picture',
    async (image, all) => {
      if (!(image instanceof HTMLImageElement)) throw new Error('There is no picture.')
      await image.decode()
      const { naturalWidth: width, naturalHeight: height } = image
      const pen = new OffscreenCanvas(width, height).getContext('2d')
      pen?.drawImage(image, 0, 0)
      const sheet = image.closest<HTMLElement>('#sheet')
      const scale = width / Number.parseFloat(sheet?.style.width ?? '')
      return all.map((box) => {
        const area = [box.x, box.y, box.width, box.height].map((value) => Math.round(value * scale))
        const [x = 0, y = 0, w = 1, h = 1] = area
        const { data } = pen?.getImageData(x, y, Math.max(1, w), Math.max(1, h)) ?? { data: [] }
        const reds = [...data].filter((_, index) => index % 4 === 0)
        return reds.filter((red) => red < 128).length / reds.length
      })
    },
    boxes,
  )
