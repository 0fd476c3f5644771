import { createRequire } from 'node:module'
import sharp, { type Sharp } from 'sharp'

const dejavu = 'dejavu-fonts-ttf/ttf'
const sawarabi = '@expo-google-fonts/sawarabi-gothic/400Regular'

/** Typefaces that come with the development dependencies, so that no system font is needed. */
const fonts = {
  sans: { file: `${dejavu}/DejaVuSans.ttf`, family: 'DejaVu Sans' },
  bold: { file: `${dejavu}/DejaVuSans-Bold.ttf`, family: 'DejaVu Sans Bold' },
  serif: { file: `${dejavu}/DejaVuSerif.ttf`, family: 'DejaVu Serif' },
  mono: { file: `${dejavu}/DejaVuSansMono.ttf`, family: 'DejaVu Sans Mono' },
  condensed: { file: `${dejavu}/DejaVuSansCondensed.ttf`, family: 'DejaVu Sans Condensed' },
  japanese: { file: `${sawarabi}/SawarabiGothic_400Regular.ttf`, family: 'Sawarabi Gothic' },
} as const

const { resolve } = createRequire(import.meta.url)

export type Font = keyof typeof fonts

export interface TextStyle {
  readonly font?: Font
  /** Points at `dpi`. */
  readonly size?: number
  readonly dpi?: number
  /** Pixels around the text. */
  readonly margin?: number
}

/** Black text on white, as large as the text needs; its density is recorded. Gray. */
export async function renderText(text: string, style: TextStyle = {}): Promise<Sharp> {
  const { font = 'sans', size = 11, dpi = 200, margin = 40 } = style
  const { file, family } = fonts[font]
  const ink = await sharp({
    text: {
      text: text.replaceAll('&', '&amp;').replaceAll('<', '&lt;'),
      font: `${family} ${size}`,
      fontfile: resolve(file),
      dpi,
      rgba: true,
    },
  })
    .png()
    .toBuffer()
  const pixels = await sharp(ink)
    .flatten({ background: 'white' })
    .extend({ top: margin, bottom: margin, left: margin, right: margin, background: 'white' })
    .toColorspace('b-w')
    .png()
    .toBuffer()
  return sharp(pixels).toColorspace('b-w').withDensity(dpi)
}

/** Places images on a white page; positions in pixels from the top left corner. */
export async function composePage(
  size: { width: number; height: number; dpi: number },
  parts: ReadonlyArray<{ image: Sharp; left: number; top: number }>,
): Promise<Sharp> {
  const inputs = await Promise.all(
    parts.map(async ({ image, left, top }) => ({ input: await image.png().toBuffer(), left, top })),
  )
  const page = await sharp({
    create: { width: size.width, height: size.height, channels: 3, background: 'white' },
  })
    .composite(inputs)
    .png()
    .toBuffer()
  return sharp(page).flatten().toColorspace('b-w').withDensity(size.dpi)
}

/** What a scanner adds: gray speckle, less contrast. `sigma` is in gray levels. */
export async function addNoise(image: Sharp, sigma: number): Promise<Sharp> {
  const { data, info } = await image
    .toColorspace('srgb')
    .png()
    .toBuffer({ resolveWithObject: true })
  const { width, height } = info
  const noise = await sharp({
    create: {
      width,
      height,
      channels: 3,
      background: 'gray',
      noise: { type: 'gaussian', mean: 128, sigma },
    },
  })
    .png()
    .toBuffer()
  const noisy = await sharp(data)
    .linear(0.85, 20)
    .composite([{ input: noise, blend: 'soft-light' }])
    .png()
    .toBuffer()
  return sharp(noisy).flatten()
}

/** Like a photograph: light that falls off to one corner, a slight blur and JPEG. */
export async function photograph(image: Sharp): Promise<Buffer> {
  const { data, info } = await image
    .toColorspace('srgb')
    .png()
    .toBuffer({ resolveWithObject: true })
  const { width, height } = info
  const light = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      light.fill(
        255 - Math.round(90 * ((x / width + y / height) / 2)),
        3 * (y * width + x),
        3 * (y * width + x) + 3,
      )
    }
  }
  return sharp(data)
    .composite([{ input: light, raw: { width, height, channels: 3 }, blend: 'multiply' }])
    .blur(0.6)
    .jpeg({ quality: 80 })
    .toBuffer()
}
