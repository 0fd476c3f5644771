import sharp, { type Sharp } from 'sharp'

type Random = () => number

/** Gray pixels, row by row. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

export const white = (width: number, height: number): Pixels => ({
  width,
  height,
  data: new Uint8Array(width * height).fill(255),
})

/** Puts ink on a page, where there is room; the darker pixel wins. */
export function stamp(page: Pixels, part: Pixels, left: number, top: number): void {
  for (let y = Math.max(0, -top); y < Math.min(part.height, page.height - top); y++) {
    for (let x = Math.max(0, -left); x < Math.min(part.width, page.width - left); x++) {
      const at = (top + y) * page.width + left + x
      page.data[at] = Math.min(page.data[at] ?? 0, part.data[y * part.width + x] ?? 0)
    }
  }
}

/** Every pixel anew, from its value and place (both from 0 to 1). */
function shade(page: Pixels, change: (value: number, x: number, y: number) => number): Pixels {
  const { width, height } = page
  const data = new Uint8ClampedArray(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x
      data[at] = 255 * change((page.data[at] ?? 0) / 255, x / width, y / height)
    }
  }
  return { width, height, data: new Uint8Array(data.buffer) }
}

/** Squeezes black to white into the range from `ink` to `paper`. */
export const fade = (page: Pixels, ink: number, paper: number): Pixels =>
  shade(page, (value) => ink + value * (paper - ink))

/** Gaussian grain, and specks of dust on a share of the pixels. */
export function grain(page: Pixels, random: Random, sigma: number, dust = 0): Pixels {
  return shade(page, (value) => {
    if (random() < dust) return random()
    return value + sigma * 2 * (random() + random() + random() - 1.5)
  })
}

/** Light that falls from 1 to `darkest` in some direction, and the soft edge of a shadow. */
export function unevenLight(page: Pixels, random: Random, darkest: number): Pixels {
  const direction = random() * 2 * Math.PI
  const [dx, dy] = [Math.cos(direction), Math.sin(direction)]
  const edge = random() * 0.6 - 0.3
  const shadow = 0.65 + random() * 0.25
  return shade(page, (value, x, y) => {
    const along = (x - 0.5) * dx + (y - 0.5) * dy
    const across = (x - 0.5) * dy - (y - 0.5) * dx
    const light = darkest + (1 - darkest) * (0.5 + along / 1.42)
    return value * light * (1 - (1 - shadow) / (1 + Math.exp((across - edge) * 25)))
  })
}

/** Draws each pixel from a place in the source that `from` tells, between pixels bilinearly. */
function warp(
  page: Pixels,
  size: { width: number; height: number },
  background: number,
  from: (x: number, y: number) => readonly [number, number],
): Pixels {
  const data = new Uint8Array(size.width * size.height)
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= page.width || y >= page.height
      ? background
      : (page.data[y * page.width + x] ?? background)
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const [sx, sy] = from(x, y)
      const [left, top] = [Math.floor(sx), Math.floor(sy)]
      const [fx, fy] = [sx - left, sy - top]
      const upper = at(left, top) * (1 - fx) + at(left + 1, top) * fx
      const lower = at(left, top + 1) * (1 - fx) + at(left + 1, top + 1) * fx
      data[y * size.width + x] = Math.round(upper * (1 - fy) + lower * fy)
    }
  }
  return { ...size, data }
}

/** Turns clockwise; the page grows so that no corner is lost. */
export function turn(page: Pixels, degrees: number, background = 255): Pixels {
  const radians = (degrees * Math.PI) / 180
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)]
  const width = Math.round(Math.abs(page.width * cos) + Math.abs(page.height * sin))
  const height = Math.round(Math.abs(page.width * sin) + Math.abs(page.height * cos))
  return warp(page, { width, height }, background, (x, y) => {
    const [cx, cy] = [x - (width - 1) / 2, y - (height - 1) / 2]
    return [cx * cos + cy * sin + (page.width - 1) / 2, cy * cos - cx * sin + (page.height - 1) / 2]
  })
}

/** As if the camera was not held straight above: `tilt` is the share by which the far side shrinks. */
export function tilt(page: Pixels, x: number, y: number, background = 255): Pixels {
  const { width, height } = page
  return warp(page, page, background, (px, py) => {
    const [cx, cy] = [px / width - 0.5, py / height - 0.5]
    const depth = 1 + x * cx + y * cy
    return [(cx / depth + 0.5) * width, (cy / depth + 0.5) * height]
  })
}

/** A page lying on something darker, a part of which is seen. */
export function onTable(page: Pixels, random: Random): Pixels {
  const [width, height] = [Math.round(page.width * 1.08), Math.round(page.height * 1.06)]
  const tone = 0.25 + random() * 0.3
  const table = grain(fade(white(width, height), 0, tone), random, 0.03)
  const [left, top] = [Math.floor((width - page.width) / 2), Math.floor((height - page.height) / 2)]
  for (let y = 0; y < page.height; y++) {
    const row = page.data.subarray(y * page.width, (y + 1) * page.width)
    table.data.set(row, (top + y) * width + left)
  }
  return table
}

const toSharp = ({ data, width, height }: Pixels) =>
  sharp(data, { raw: { width, height, channels: 1 } }).toColorspace('b-w')

export async function fromSharp(image: Sharp): Promise<Pixels> {
  const { data, info } = await image.toColorspace('b-w').raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data: new Uint8Array(data) }
}

export const blur = (page: Pixels, sigma: number): Promise<Pixels> =>
  fromSharp(toSharp(page).blur(sigma))

export const encodePng = (page: Pixels, dpi?: number): Promise<Buffer> =>
  (dpi ? toSharp(page).withDensity(dpi) : toSharp(page)).png().toBuffer()

export const encodeJpeg = (page: Pixels, quality: number): Promise<Buffer> =>
  toSharp(page).jpeg({ quality }).toBuffer()

/** In the colors of a camera by lamplight. */
export function encodePhoto({ data, width, height }: Pixels): Promise<Buffer> {
  const tint = [1, 0.97, 0.88]
  const colors = Uint8Array.from({ length: data.length * 3 }, (_, at) =>
    Math.round((data[Math.floor(at / 3)] ?? 0) * (tint[at % 3] ?? 1)),
  )
  return sharp(colors, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 82 })
    .toBuffer()
}
