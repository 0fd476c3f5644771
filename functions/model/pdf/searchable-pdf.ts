import { finished } from 'node:stream/promises'
import type { Page } from '../../contract/ocr.ts'
import { createGlyphlessFont, type GlyphlessFont } from './glyphless-font.ts'
import { textLayer } from './text-layer.ts'

export interface PdfPage {
  readonly page: Pick<Page, 'width' | 'height' | 'dpi' | 'blocks'>
  /** The picture of the page, upright; none for a page that could not be read. */
  readonly jpeg: Uint8Array | undefined
}

export interface PdfOptions {
  /** Bytes of `pdf.ttf`, which is in tesseract's data directory. */
  readonly font: Uint8Array
  /** The program that read the text, such as "tesseract 5.3.0". */
  readonly creator: string
  /** BCP 47 tag of the text's language, where there is one. */
  readonly lang?: string | undefined
}

/**
 * A PDF of pictures with their text above them, which is invisible but can be found and copied. The same
 * pages give the same bytes.
 */
export async function searchablePdf(
  pages: readonly PdfPage[],
  options: PdfOptions,
): Promise<Uint8Array> {
  const document = await createDocument(options)
  const chunks: Uint8Array[] = []
  document.on('data', (chunk: Uint8Array) => chunks.push(chunk))
  const font = createGlyphlessFont(document, options.font)
  for (const { page, jpeg } of pages) {
    if (jpeg) addPage({ document, font, page, jpeg })
    else document.addPage({ size: 'A4', margin: 0 })
  }
  // Ends the last page; pdfkit would do so after the font.
  document.flushPages()
  font.end()
  document.end()
  await finished(document)
  return Buffer.concat(chunks)
}

async function createDocument({ creator, lang }: PdfOptions): Promise<PDFKit.PDFDocument> {
  // On the first PDF: its font engine would add some 70 ms to every start from zero.
  const { default: PDFDocument } = await import('pdfkit')
  const date = new Date(0)
  const document = new PDFDocument({
    autoFirstPage: false,
    compress: true,
    // Otherwise Helvetica is loaded.
    font: '',
    info: { Creator: creator, Producer: 'knative-ocr', CreationDate: date },
    ...(lang ? { lang } : {}),
  })
  // pdfkit cannot do without a date; the file has none, since any would be wrong.
  Object.defineProperty(document.info, 'CreationDate', { value: date, enumerable: false })
  return document
}

interface PageParts {
  readonly document: PDFKit.PDFDocument
  readonly font: GlyphlessFont
  readonly page: PdfPage['page']
  readonly jpeg: Uint8Array
}

function addPage({ document, font, page, jpeg }: PageParts): void {
  const scale = pointsPerPixel(page)
  const [width, height] = [page.width * scale, page.height * scale]
  document.addPage({ size: [width, height], margin: 0 })
  // The picture is upright, whatever its EXIF data may say.
  const placement = { width, height, ignoreOrientation: true }
  document.image(asBuffer(jpeg), 0, 0, placement)
  const { operators, fonts } = textLayer(page.blocks, scale, font)
  for (const { name, reference } of fonts) document.page.fonts[name] = reference
  document.addContent(operators)
}

const pointsPerInch = 72
const defaultDpi = 300
/** Points per side (ISO 32000-1, annex C.2). */
const maxSide = 14_400

const pointsPerPixel = ({ width, height, dpi = defaultDpi }: PdfPage['page']): number =>
  Math.min(pointsPerInch / dpi, maxSide / Math.max(width, height))

/** The types of pdfkit want one. */
const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
