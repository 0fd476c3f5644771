import {
  type Block,
  type Box,
  confidenceOf,
  type EngineInfo,
  type OcrDocument,
  type Page,
  textOf,
  type Warning,
  wordsOf,
} from '../contract/ocr.ts'
import type { DecodedImage } from './image/decode.ts'
import type { PageImage } from './image/normalize.ts'

interface Recognized {
  /** Blocks with boxes in pixels of `pageImage`. */
  readonly blocks: readonly Block[]
  readonly image: DecodedImage
  readonly pageImage: PageImage
  readonly engine: EngineInfo
}

/** The document of a one-page image, with boxes in pixels of the upright original. */
export function documentOf({ blocks, image, pageImage, engine }: Recognized): OcrDocument {
  const visible = withoutBlanks(blocks).map((block) => scaleBoxes(block, pageImage.scale))
  const page: Page = {
    number: 1,
    width: image.width,
    height: image.height,
    // Blank words are part of the text that tesseract prints.
    text: textOf(blocks),
    confidence: confidenceOf(wordsOf(visible)),
    blocks: visible,
  }
  return {
    text: page.text,
    confidence: page.confidence,
    pages: [page],
    engine,
    warnings: warningsOf(page, image, pageImage),
  }
}

function warningsOf(page: Page, image: DecodedImage, pageImage: PageImage): Warning[] {
  const warnings: Warning[] = []
  const warn = (code: Warning['code'], message: string) =>
    warnings.push({ code, message, page: page.number })
  if (page.blocks.length === 0) warn('no_text', 'No text was found on the page.')
  if (pageImage.scale > 1) {
    const size = `${pageImage.width} x ${pageImage.height}`
    warn('scaled_down', `The page was scaled down to ${size} pixels before it was read.`)
  }
  if (image.pages > 1) {
    warn('first_page_only', `Only the first of the ${image.pages} pages was read.`)
  }
  return warnings
}

/** tesseract finds "words" of one space in pictures and rules; nobody looks for their boxes. */
function withoutBlanks(blocks: readonly Block[]): Block[] {
  return blocks
    .map((block) => ({
      ...block,
      paragraphs: block.paragraphs
        .map((paragraph) => ({
          ...paragraph,
          lines: paragraph.lines
            .map((line) => ({ ...line, words: line.words.filter((word) => word.text.trim()) }))
            .filter((line) => line.words.length > 0),
        }))
        .filter((paragraph) => paragraph.lines.length > 0),
    }))
    .filter((block) => block.paragraphs.length > 0)
}

/** A copy of a tree of boxes in which each box is `scale` times as large. */
function scaleBoxes<T>(node: T, scale: number): T {
  if (scale === 1) return node
  return JSON.parse(JSON.stringify(node), (key, value) =>
    key === 'box' ? scaleBox(value, scale) : value,
  )
}

function scaleBox({ x, y, width, height }: Box, scale: number): Box {
  const left = Math.round(x * scale)
  const top = Math.round(y * scale)
  return {
    x: left,
    y: top,
    width: Math.round((x + width) * scale) - left,
    height: Math.round((y + height) * scale) - top,
  }
}
