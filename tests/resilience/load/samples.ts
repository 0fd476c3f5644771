import sharp from 'sharp'
import { densePage, receipt as tillReceipt } from '../../documents/corpus.ts'
import { jpegBombs } from '../bombs/jpeg.ts'
import { pngBombs } from '../bombs/png.ts'

/** A file to send. */
export interface Sample {
  readonly name: string
  readonly file: Buffer
}

const fullLines = 48

/** Short pages: till receipts and a quarter of a sheet, 30 to 300 ms of an engine's time. */
export async function pages(): Promise<Sample[]> {
  const receipts = [1, 2, 3, 4, 5, 6].map(receipt)
  return Promise.all([...receipts, quarter()])
}

/** A till receipt. */
export const receipt = (seed = 1): Promise<Sample> => sample(`receipt ${seed}`, tillReceipt(seed))

/** A quarter of a sheet. */
export const quarter = (): Promise<Sample> => sample('quarter', densePage(fullLines / 4))

/** A sheet full of text, about a second of an engine's time. */
export const sheet = (): Promise<Sample> => sample('sheet', densePage(fullLines))

/** The sheet as scanners at 300 dpi give it, some three seconds of an engine's time. */
export async function largePages(): Promise<Sample[]> {
  const { file } = await sheet()
  const scan = sharp(file).resize({ width: 2480 })
  return Promise.all([
    sample('scan as JPEG', scan.clone().jpeg({ quality: 85 }).toBuffer()),
    sample('scan as PNG', scan.clone().png().toBuffer()),
  ])
}

const mostHostileBytes = 64 * 1024

/** Files of which none is read: damaged ones, others than images, and bombs that weigh little. */
export async function hostile(): Promise<Sample[]> {
  const { file: image } = await receipt()
  const refused = [...pngBombs, ...jpegBombs].filter(({ outcome }) => outcome !== 'read')
  const bombs = await Promise.all(
    refused.map(async ({ name, file }) => ({ name, file: await file() })),
  )
  return [
    { name: 'truncated', file: image.subarray(0, image.length / 2) },
    { name: 'damaged', file: damaged(image) },
    { name: 'text', file: Buffer.from('/etc/passwd\nhttp://127.0.0.1/\n') },
    { name: 'archive', file: Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(4096)]) },
    ...bombs.filter(({ file }) => file.length <= mostHostileBytes),
  ]
}

const sample = async (name: string, file: Promise<Buffer>): Promise<Sample> => ({
  name,
  file: await file,
})

function damaged(png: Buffer): Buffer {
  const copy = Buffer.from(png)
  copy.fill(0, copy.length / 2, copy.length / 2 + 64)
  return copy
}
