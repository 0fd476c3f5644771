import { text } from 'node:stream/consumers'
import PDFDocument from 'pdfkit'
import type { Sharp } from 'sharp'

/** Types of values in a TIFF directory (TIFF 6.0, section 2), and their bytes. */
const short = { code: 3, size: 2 }
const long = { code: 4, size: 4 }
const rational = { code: 5, size: 8 }
const entryBytes = 12

/**
 * A TIFF of several pages, gray and uncompressed, each as large as its image.
 * @param damaged index of a page whose pixels are said to be where the file has none
 */
export async function tiffOf(images: readonly Sharp[], damaged?: number): Promise<Buffer> {
  const parts: Buffer[] = [Buffer.from('II*\0\0\0\0\0', 'latin1')]
  let length = 8
  const append = (part: Buffer) => {
    parts.push(part)
    length += part.length
    return length - part.length
  }
  /** Where the offset of the next directory is to be written, and in which part. */
  let link = { part: parts[0] as Buffer, at: 4 }
  for (const [index, image] of images.entries()) {
    const { density = 200 } = await image.metadata()
    const { data, info } = await image
      .clone()
      .toColorspace('b-w')
      .raw()
      .toBuffer({ resolveWithObject: true })
    const pixels = append(Buffer.concat([data, Buffer.alloc(data.length % 2)]))
    const resolution = Buffer.alloc(rational.size)
    resolution.writeUInt32LE(Math.round(density))
    resolution.writeUInt32LE(1, 4)
    const resolutionAt = append(resolution)
    const entries = [
      [256, long, info.width],
      [257, long, info.height],
      [258, short, 8],
      [259, short, 1],
      [262, short, 1],
      [273, long, index === damaged ? 0x7fff_fff0 : pixels],
      [277, short, 1],
      [278, long, info.height],
      [279, long, data.length],
      [282, rational, resolutionAt],
      [283, rational, resolutionAt],
      [296, short, 2],
    ] as const
    const directory = Buffer.alloc(2 + entries.length * entryBytes + 4)
    directory.writeUInt16LE(entries.length)
    for (const [row, [tag, type, value]] of entries.entries()) {
      const at = 2 + row * entryBytes
      directory.writeUInt16LE(tag, at)
      directory.writeUInt16LE(type.code, at + 2)
      directory.writeUInt32LE(1, at + 4)
      directory.writeUInt32LE(value, at + 8)
    }
    link.part.writeUInt32LE(append(directory), link.at)
    link = { part: directory, at: directory.length - 4 }
  }
  return Buffer.concat(parts)
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
