import { text } from 'node:stream/consumers'
import PDFDocument from 'pdfkit'
import type { Sharp } from 'sharp'
import { little, zeros } from './bytes.ts'
import {
  directory,
  directorySize,
  type Entry,
  headBytes,
  magic,
  rational,
  short,
  strips,
} from './tiff-file.ts'

interface GrayPage {
  readonly width: number
  readonly height: number
  readonly pixels: Buffer
  /** Dots per inch. */
  readonly density: number
}

const inches = 2
const resolutionBytes = 8
const directoryBytes = directorySize(12)

/**
 * A TIFF of several pages, gray and uncompressed, each as large as its image.
 * @param damaged index of a page whose pixels are said to be where the file has none
 */
export async function tiffOf(images: readonly Sharp[], damaged?: number): Promise<Buffer> {
  const pages = await Promise.all(images.map(grayPageOf))
  /** Each page has its pixels, its resolution and its directory, of which the one before tells where it is. */
  const directoryAt = (index: number, start: number): number => {
    const page = pages[index]
    return page ? start + page.pixels.length + resolutionBytes : 0
  }
  const parts = [magic, little(4, directoryAt(0, headBytes))]
  let start = headBytes
  for (const [index, { width, height, pixels, density }] of pages.entries()) {
    const at = index === damaged ? 0x7fff_fff0 : start
    const resolutionAt = start + pixels.length
    const entries: Entry[] = [
      ...strips({ width, height, bits: 8, at, bytes: width * height }),
      [282, rational, 1, resolutionAt],
      [283, rational, 1, resolutionAt],
      [296, short, 1, inches],
    ]
    start = directoryAt(index, start) + directoryBytes
    parts.push(pixels, little(4, density, 1), directory(entries, directoryAt(index + 1, start)))
  }
  return Buffer.concat(parts)
}

/** Its pixels fill words of two bytes. */
async function grayPageOf(image: Sharp): Promise<GrayPage> {
  const { density = 200 } = await image.metadata()
  const gray = image.clone().toColorspace('b-w').raw()
  const { data, info } = await gray.toBuffer({ resolveWithObject: true })
  const pixels = Buffer.concat([data, zeros(data.length % 2)])
  return { width: info.width, height: info.height, pixels, density: Math.round(density) }
}

/**
 * A PDF of scanned pages.
 * @param damaged index of a page whose content is not there
 */
export async function pdfOf(
  images: readonly Sharp[],
  options: { damaged?: number; password?: string; title?: string } = {},
): Promise<Buffer> {
  const { damaged, password, title } = options
  const document = new PDFDocument({
    autoFirstPage: false,
    compress: false,
    ...(password && { userPassword: password }),
    ...(title && { info: { Title: title } }),
  })
  for (const image of images) {
    const { density = 200, width, height } = await image.metadata()
    const [widthPoints, heightPoints] = [(width / density) * 72, (height / density) * 72]
    document.addPage({ size: [widthPoints, heightPoints], margin: 0 })
    const jpeg = await image.clone().jpeg({ quality: 95 }).toBuffer()
    document.image(jpeg, 0, 0, { width: widthPoints, height: heightPoints })
  }
  document.end()
  document.setEncoding('latin1')
  const file = await text(document)
  return Buffer.from(damaged === undefined ? file : damageContent(file, damaged), 'latin1')
}

/** Has the content of a page begin with what is no operator, and lets go of its picture. */
const damageContent = (file: string, index: number): string => {
  let count = -1
  return file.replaceAll(/\/I\d+ Do\n/g, (paint) =>
    ++count === index ? '<< / ( '.padEnd(paint.length) : paint,
  )
}
