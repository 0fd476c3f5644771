import type { Ink } from './ink.ts'

/** How lines of text run over a page. */
export interface Skew {
  /** Degrees by which they descend to the right. */
  readonly angle: number
  /** How much clearer they are along this angle than level. */
  readonly gain: number
  /** How clear they are, to compare with other directions of the same ink. */
  readonly clarity: number
}

const maxAngle = 12

/**
 * Looks for the direction in which lines of text stand out: seen along them, ink and gaps alternate
 * sharply (projection profile, after Postl).
 */
export function skewOf(ink: Ink): Skew {
  const clarity = createClarity(ink)
  const level = clarity(0)
  let best = { angle: 0, clarity: level }
  const look = (from: number, to: number, step: number) => {
    for (let angle = from; angle <= to + step / 4; angle += step) {
      const candidate = { angle, clarity: clarity(angle) }
      if (candidate.clarity > best.clarity) best = candidate
    }
  }
  look(-maxAngle, maxAngle, 0.75)
  look(best.angle - 0.6, best.angle + 0.6, 0.1)
  return { ...best, gain: best.clarity / Math.max(1, level) }
}

function createClarity({ width, height, mask }: Ink): (degrees: number) => number {
  const points = pointsOf(mask)
  const bins = new Float64Array(2 * (width + height) + 4)
  const middle = width + height
  return (degrees) => {
    const radians = (degrees * Math.PI) / 180
    const [cosine, sine] = [Math.cos(radians), Math.sin(radians)]
    bins.fill(0)
    for (const point of points) {
      const [x, y] = [point % width, Math.floor(point / width)]
      const bin = Math.floor(y * cosine - x * sine) + middle
      bins[bin] = (bins[bin] ?? 0) + 1
    }
    return bins.reduce((sum, count, index) => sum + (count - (bins[index - 1] ?? 0)) ** 2, 0)
  }
}

/** Indexes of the ink. */
function pointsOf(mask: Uint8Array): Uint32Array {
  const points = new Uint32Array(mask.reduce((sum, isInk) => sum + isInk, 0))
  let count = 0
  for (const [index, isInk] of mask.entries()) if (isInk) points[count++] = index
  return points
}

/** The same ink turned by 90 degrees clockwise. */
export function turnInk({ width, height, mask }: Ink): Ink {
  const turned = new Uint8Array(mask.length)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      turned[x * height + (height - 1 - y)] = mask[y * width + x] ?? 0
    }
  }
  return { width: height, height: width, mask: turned }
}
