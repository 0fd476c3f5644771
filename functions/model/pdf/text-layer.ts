import type { Block, Box, Paragraph } from '../../contract/ocr.ts'
import { characterWidth, type FontVariant, type GlyphlessFont } from './glyphless-font.ts'
import { inVisualOrder } from './visual-order.ts'

/** What a page of a PDF needs for its text. */
export interface TextLayer {
  readonly operators: string
  readonly fonts: readonly FontVariant[]
}

/** How one word is shown. */
interface Placement {
  /** In pixels, of the whole paragraph where that is possible. */
  readonly fontSize: number
  readonly box: Box
  readonly text: string
}

/**
 * The words of a page, each over its box, in rendering mode 3, which shows nothing.
 * @param scale points per pixel
 */
export function textLayer(blocks: readonly Block[], scale: number, font: GlyphlessFont): TextLayer {
  const fonts = new Set<FontVariant>()
  const paragraphs = blocks.flatMap((block) => block.paragraphs)
  const operators = paragraphs.flatMap(placementsOf).map((placement) => {
    const variant = font.variant(placement.box.height / placement.fontSize)
    fonts.add(variant)
    return show(placement, variant.name, scale, font)
  })
  return { operators: ['q', 'BT', '3 Tr', ...operators, 'ET', 'Q'].join('\n'), fonts: [...fonts] }
}

function placementsOf(paragraph: Paragraph): Placement[] {
  const size = fontSizeOf(paragraph)
  return paragraph.lines.flatMap((line) => {
    const words = inVisualOrder(line.words)
    return words.map(({ text, box }, index) => {
      const fontSize = Math.max(size, box.height)
      const next = words[index + 1]?.box
      if (!next) return { fontSize, box, text }
      return { fontSize, box: clearOf(next, box, fontSize), text: `${text} ` }
    })
  })
}

/** No letter is so much taller than most words are; what is will be an initial, a rule or a stain. */
const tooTall = 2

/**
 * One size for a paragraph, because readers take what is of another size for another column: the height of
 * its tallest word, at least 1. How high the words are is up to variants of the font.
 */
function fontSizeOf({ lines }: Paragraph): number {
  const heights = lines
    .flatMap(({ words }) => words.map(({ box }) => Math.max(1, box.height)))
    .toSorted((one, other) => one - other)
  const median = heights[Math.floor(heights.length / 2)] ?? 1
  return heights.findLast((height) => height <= tooTall * median) ?? median
}

/** Readers that go by the distance of letters join words with less between them, of the font's size. */
const minGap = 0.12

/** The box of a word, perhaps a little narrower: boxes touch where letters lean or lines are tight. */
function clearOf(next: Box, box: Box, fontSize: number): Box {
  const half = box.width / 2
  // Not beside it, but below, as in vertical lines.
  if (next.x <= box.x + half) return box
  const room = next.x - box.x - minGap * fontSize
  return { ...box, width: Math.min(box.width, Math.max(half, room)) }
}

/**
 * Operators for a word: size of the font (Tf), horizontal scaling in percent (Tz), place (Tm), text (Tj).
 * pdfkit has turned the y axis downwards, so the text is turned back.
 */
function show(
  { fontSize, box, text }: Placement,
  fontName: string,
  scale: number,
  font: GlyphlessFont,
) {
  const characters = Math.max(1, [...text.trimEnd()].length)
  const stretch = (100 * Math.max(1, box.width)) / (fontSize * characterWidth * characters)
  const [left, bottom] = [box.x * scale, (box.y + box.height) * scale]
  return [
    `/${fontName} ${decimal(fontSize * scale)} Tf`,
    `${decimal(stretch)} Tz`,
    `1 0 0 -1 ${decimal(left)} ${decimal(bottom)} Tm`,
    `${font.encode(text)} Tj`,
  ].join(' ')
}

/** PDF has no exponents. */
const decimal = (value: number): string => String(Number(value.toFixed(3)))
