import { deflateSync } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import type { FileTypeName } from '../../../functions/contract/file-types.ts'
import { tiffOf } from '../../documents/containers.ts'
import { catalog, type PdfObject, pdf } from '../../documents/pdf-file.ts'
import { renderText } from '../../documents/render.ts'

/** A valid file of which mutations are made. */
export interface Seed {
  readonly type: FileTypeName
  readonly file: Buffer
}

/** Small files of every type that is read, in each of the ways in which decoders read them. */
export async function createSeeds(): Promise<Seed[]> {
  const page = await written('Ship ahoy')
  const other = await written('Two mills')
  const color = sharp(await page.clone().toColorspace('srgb').png().toBuffer()).withMetadata()
  const animation = await framesOf(page, other)
  const of = async (type: FileTypeName, ...files: (Promise<Buffer> | Buffer)[]) =>
    (await Promise.all(files)).map((file): Seed => ({ type, file }))
  const seeds = await Promise.all([
    of(
      'png',
      page.clone().png().toBuffer(),
      color.clone().png({ palette: true }).toBuffer(),
      color.clone().ensureAlpha().png({ progressive: true }).toBuffer(),
      color.clone().toColorspace('rgb16').png().toBuffer(),
    ),
    of(
      'jpeg',
      page.clone().jpeg().toBuffer(),
      color.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer(),
      color.clone().jpeg({ progressive: true }).toBuffer(),
      color.clone().toColorspace('cmyk').jpeg({ chromaSubsampling: '4:4:4' }).toBuffer(),
    ),
    of(
      'webp',
      color.clone().webp().toBuffer(),
      color.clone().ensureAlpha(0.5).webp().toBuffer(),
      color.clone().webp({ lossless: true }).toBuffer(),
      animation.clone().webp().toBuffer(),
    ),
    of(
      'tiff',
      page.clone().tiff({ compression: 'none' }).toBuffer(),
      color.clone().tiff({ compression: 'lzw', predictor: 'horizontal' }).toBuffer(),
      color.clone().tiff({ compression: 'jpeg' }).toBuffer(),
      page.clone().tiff({ compression: 'deflate', tile: true, bigtiff: true }).toBuffer(),
      page
        .clone()
        .threshold(150)
        .toColorspace('b-w')
        .tiff({ compression: 'ccittfax4', bitdepth: 1 })
        .toBuffer(),
      tiffOf([page, other]),
    ),
    of('gif', color.clone().gif().toBuffer(), animation.clone().gif().toBuffer()),
    of('pdf', printed(), scanned(page), scanned(page, other)),
  ])
  return seeds.flat()
}

const written = async (text: string): Promise<Sharp> => {
  const page = await renderText(text, { dpi: 120, margin: 12 })
  return sharp(await page.png().toBuffer()).toColorspace('b-w')
}

/** An animation of pictures that are made as large as each other. */
async function framesOf(...pictures: readonly Sharp[]): Promise<Sharp> {
  const [width, height] = [160, 48]
  const frames = pictures.map((picture) =>
    picture
      .clone()
      .resize({ width, height, fit: 'fill' })
      .toColorspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer(),
  )
  const data = Buffer.concat(await Promise.all(frames))
  const raw = { width, height: height * pictures.length, channels: 3, pageHeight: height } as const
  return sharp(data, { raw })
}

/** A PDF whose text is written in a font that every reader has. */
function printed(): Buffer {
  const text = 'BT /F 18 Tf 20 30 Td (Ship ahoy) Tj ET\n0 0 m 140 60 l S'
  return pdf([
    catalog,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 140 60] /Resources << /Font << /F 5 0 R >> >> /Contents 4 0 R >>',
    { dictionary: '/Filter /FlateDecode', stream: deflateSync(text) },
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ])
}

/** A PDF of pictures, each on a page of its own. Unlike that of a library it has no date in it. */
async function scanned(...pictures: readonly Sharp[]): Promise<Buffer> {
  const objects: PdfObject[] = []
  for (const [index, picture] of pictures.entries()) {
    const options = { resolveWithObject: true } as const
    const { data, info } = await picture.clone().jpeg().toBuffer(options)
    const [width, height] = [info.width * 0.6, info.height * 0.6]
    const [content, image] = [4 + 3 * index, 5 + 3 * index]
    const size = `/Width ${info.width} /Height ${info.height} /BitsPerComponent 8`
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Resources << /XObject << /I ${image} 0 R >> >> /Contents ${content} 0 R >>`,
      { dictionary: '', stream: Buffer.from(`q ${width} 0 0 ${height} 0 0 cm /I Do Q`) },
      {
        dictionary: `/Type /XObject /Subtype /Image ${size} /ColorSpace /DeviceGray /Filter /DCTDecode`,
        stream: data,
      },
    )
  }
  const kids = pictures.map((_, index) => `${3 + 3 * index} 0 R`).join(' ')
  return pdf([catalog, `<< /Type /Pages /Kids [${kids}] /Count ${pictures.length} >>`, ...objects])
}
