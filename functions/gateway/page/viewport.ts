import type { Box } from '../../contract/ocr.ts'
import type { Point } from './words.ts'

export interface Size {
  readonly width: number
  readonly height: number
}

/** How a page lies in its frame: a point of the page is at `scale` times itself plus the offset, in CSS pixels. */
export interface View {
  readonly scale: number
  readonly x: number
  readonly y: number
}

const maxScale = 8
/** A small picture is not blown up to fit. */
const maxFitScale = 2
/** CSS pixels around a page that fits. */
const margin = 20

export const toPage = ({ scale, x, y }: View, point: Point): Point => ({
  x: (point.x - x) / scale,
  y: (point.y - y) / scale,
})

export const toFrame = ({ scale, x, y }: View, box: Box): Box => ({
  x: box.x * scale + x,
  y: box.y * scale + y,
  width: box.width * scale,
  height: box.height * scale,
})

/** The whole page in the middle of its frame. */
export function fitted(page: Size, frame: Size): View {
  if (page.width <= 0 || page.height <= 0) return { scale: 1, x: 0, y: 0 }
  const scale = Math.min(
    maxFitScale,
    Math.max(1, frame.width - 2 * margin) / page.width,
    Math.max(1, frame.height - 2 * margin) / page.height,
  )
  return clamped({ scale, x: 0, y: 0 }, page, frame)
}

/** As near as possible, but never so that the page is lost: along a side where it fits it stays in the middle. */
export function clamped({ scale, x, y }: View, page: Size, frame: Size): View {
  return {
    scale,
    x: clampedOffset(x, page.width * scale, frame.width),
    y: clampedOffset(y, page.height * scale, frame.height),
  }
}

function clampedOffset(offset: number, length: number, room: number): number {
  if (length + 2 * margin <= room) return (room - length) / 2
  return Math.min(margin, Math.max(room - length - margin, offset))
}

/** Larger or smaller by a factor, while the point of the frame `at` stays where it is. */
export function zoomed(
  view: View,
  { factor, at, page, frame }: { factor: number; at: Point; page: Size; frame: Size },
): View {
  const minScale = fitted(page, frame).scale / 2
  const scale = Math.min(maxScale, Math.max(minScale, view.scale * factor))
  const ratio = scale / view.scale
  const moved = { scale, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio }
  return clamped(moved, page, frame)
}

export const panned = (view: View, by: Point, page: Size, frame: Size): View =>
  clamped({ ...view, x: view.x + by.x, y: view.y + by.y }, page, frame)

/** Moved as little as it takes to have a box of the page in the frame. */
export function revealed(view: View, box: Box, page: Size, frame: Size): View {
  const shown = toFrame(view, box)
  const by = {
    x: shiftInto(shown.x, shown.width, frame.width),
    y: shiftInto(shown.y, shown.height, frame.height),
  }
  return by.x === 0 && by.y === 0 ? view : panned(view, by, page, frame)
}

function shiftInto(start: number, length: number, room: number): number {
  const inset = Math.min(2 * margin, Math.max(0, (room - length) / 2))
  if (start < inset) return inset - start
  return Math.min(0, room - inset - start - length)
}
