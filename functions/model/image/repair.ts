import { type Gray, toGray, toSharp } from './gray.ts'
import { writeTiff } from './normalize.ts'
import type { Placement } from './placement.ts'

export interface Repair {
  /** Degrees by which lines descend to the right, to be taken out. */
  readonly skew: number
  /** Enlargement. */
  readonly factor: number
  /** Sigma of the blur by which grain is softened, in pixels of the file; 0 leaves it. */
  readonly softness: number
}

/** What tesseract works best with, and what pages that had to be enlarged come to. */
const density = 300

/**
 * Writes a page for the engine with its lines level, its print enlarged and its grain softened.
 * @param pageWidth pixels of the page for those of `page`, which may be smaller
 * @returns where the file's pixels lie on the page
 */
export async function writeRepaired(
  page: Gray,
  { skew, factor, softness }: Repair,
  path: string,
  pageWidth: number,
): Promise<Placement> {
  const radians = (-skew * Math.PI) / 180
  const [cosine, sine] = [factor * Math.cos(radians), factor * Math.sin(radians)]
  const matrix: [[number, number], [number, number]] = [
    [cosine, -sine],
    [sine, cosine],
  ]
  const placed = toSharp(page).affine(matrix, { background: 'white', interpolator: 'bicubic' })
  await writeTiff(softness > 0 ? placed.blur(softness) : placed, path, density)
  const corners = [
    [0, 0],
    [page.width, 0],
    [0, page.height],
    [page.width, page.height],
  ] as const
  // The file begins at the least coordinates that a corner comes to.
  const left = Math.floor(Math.min(...corners.map(([x, y]) => cosine * x - sine * y)))
  const top = Math.floor(Math.min(...corners.map(([x, y]) => sine * x + cosine * y)))
  // The matrix undone: turned back, and divided by the square of the factor.
  const square = (factor * factor * page.width) / pageWidth
  const [a, c] = [cosine / square, sine / square]
  return { a, b: -c, c, d: a, e: a * left + c * top, f: -c * left + a * top }
}

/** The size of the upright box around a page that is turned by some degrees. */
export function turnedSize({ width, height }: { width: number; height: number }, degrees: number) {
  const radians = (Math.abs(degrees) * Math.PI) / 180
  const [cosine, sine] = [Math.cos(radians), Math.sin(radians)]
  return { width: width * cosine + height * sine, height: width * sine + height * cosine }
}

/** The page turned clockwise by 90, 180 or 270 degrees. */
export const turnGray = (page: Gray, degrees: number): Promise<Gray> =>
  toGray(toSharp(page).rotate(degrees))
