import type { Block, Box } from '../../contract/ocr.ts'

/**
 * Where a pixel of the file that the engine reads lies on the page, as the six numbers of an affine map:
 * `x' = a x + c y + e` and `y' = b x + d y + f`.
 */
export interface Placement {
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
  readonly e: number
  readonly f: number
}

export const scaledBy = (scaleX: number, scaleY: number): Placement => ({
  a: scaleX,
  b: 0,
  c: 0,
  d: scaleY,
  e: 0,
  f: 0,
})

export const inPlace = scaledBy(1, 1)

const isInPlace = (placement: Placement): boolean =>
  Object.entries(inPlace).every(([name, value]) => placement[name as keyof Placement] === value)

/** A copy of a tree of boxes, with the boxes where they lie on the page. */
export function placeBlocks(
  blocks: Block[],
  placement: Placement,
  page: { width: number; height: number },
): Block[] {
  if (isInPlace(placement)) return blocks
  return JSON.parse(JSON.stringify(blocks), (key, value) =>
    key === 'box' ? placeBox(value, placement, page) : value,
  )
}

/** The upright box around a box that may have been turned, within the page. */
function placeBox(
  { x, y, width, height }: Box,
  { a, b, c, d, e, f }: Placement,
  page: { width: number; height: number },
): Box {
  const corners = [
    [x, y],
    [x + width, y],
    [x, y + height],
    [x + width, y + height],
  ] as const
  const within = (value: number, limit: number) => Math.round(Math.min(Math.max(value, 0), limit))
  const xs = corners.map(([cornerX, cornerY]) => within(a * cornerX + c * cornerY + e, page.width))
  const ys = corners.map(([cornerX, cornerY]) => within(b * cornerX + d * cornerY + f, page.height))
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  return { x: left, y: top, width: Math.max(...xs) - left, height: Math.max(...ys) - top }
}
