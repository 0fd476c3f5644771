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
  const visible = withoutBlanks(blocks).map((block) => scaleBoxes(block, pageImage))
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

type WarningCode = 'no_text' | 'scaled_down' | 'first_page_only'

function warningsOf(page: Page, image: DecodedImage, pageImage: PageImage): Warning[] {
  const warnings: Warning[] = []
  const warn = (code: WarningCode, message: string) =>
    warnings.push({ code, message, page: page.number })
  if (page.blocks.length === 0) warn('no_text', 'No text was found on the page.')
  if (isScaled(pageImage)) {
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

const isScaled = ({ scaleX, scaleY }: PageImage): boolean => scaleX !== 1 || scaleY !== 1

/** A copy of a tree of boxes, with the boxes in pixels of the original. */
function scaleBoxes<T>(node: T, pageImage: PageImage): T {
  if (!isScaled(pageImage)) return node
  return JSON.parse(JSON.stringify(node), (key, value) =>
    key === 'box' ? scaleBox(value, pageImage) : value,
  )
}

function scaleBox({ x, y, width, height }: Box, { scaleX, scaleY }: PageImage): Box {
  const left = Math.round(x * scaleX)
  const top = Math.round(y * scaleY)
  return {
    x: left,
    y: top,
    width: Math.round((x + width) * scaleX) - left,
    height: Math.round((y + height) * scaleY) - top,
  }
}
