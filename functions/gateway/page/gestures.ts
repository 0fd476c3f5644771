import type { Point } from './words.ts'

/** What fingers and a mouse mean on the picture; points are relative to its frame. */
export interface Gestures {
  onPan(by: Point): void
  onZoom(factor: number, at: Point): void
  onTap(at: Point): void
}

interface Finger extends Point {
  readonly id: number
}

/** Further than this a press is no tap any more. */
const tapSlop = 6

/** Follows the pointers that are down: one pans or taps, two zoom and pan. */
export function createFingers({ onPan, onZoom, onTap }: Gestures) {
  const down = new Map<number, Point>()
  let start: Point | undefined
  let isTap = false

  return {
    get isDown() {
      return down.size > 0
    },
    press({ id, x, y }: Finger) {
      down.set(id, { x, y })
      isTap = down.size === 1
      start = { x, y }
    },
    move({ id, x, y }: Finger) {
      const before = down.get(id)
      if (!before) return
      if (isTap && start && distance(start, { x, y }) <= tapSlop) return
      const other = [...down].find(([otherId]) => otherId !== id)?.[1]
      // What the slop has held back comes with the first move.
      down.set(id, { x, y })
      isTap = false
      if (other) {
        const factor = distance(other, { x, y }) / Math.max(1, distance(other, before))
        const middle = { x: (other.x + x) / 2, y: (other.y + y) / 2 }
        onPan({ x: (x - before.x) / 2, y: (y - before.y) / 2 })
        onZoom(factor, middle)
      } else onPan({ x: x - before.x, y: y - before.y })
    },
    release({ id, x, y }: Finger) {
      if (!down.delete(id)) return
      if (isTap) onTap({ x, y })
      isTap = false
    },
    /** The system has taken the pointer for itself. */
    lose(id: number) {
      down.delete(id)
      isTap = false
    },
  }
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y)

interface Wheel extends Point {
  readonly deltaX: number
  readonly deltaY: number
  /** 0 pixels, 1 lines, 2 pages. */
  readonly deltaMode: number
  readonly ctrlKey: boolean
  readonly metaKey: boolean
}

const pixelsPer = [1, 16, 400]

/** A wheel pans; with Ctrl, and so by two fingers on a touchpad, it zooms. */
export function turnWheel(
  wheel: Wheel,
  { onPan, onZoom }: Pick<Gestures, 'onPan' | 'onZoom'>,
): void {
  const unit = pixelsPer[wheel.deltaMode] ?? 1
  if (wheel.ctrlKey || wheel.metaKey) {
    const step = Math.max(-60, Math.min(60, wheel.deltaY * unit))
    onZoom(Math.exp(-step / 150), { x: wheel.x, y: wheel.y })
  } else onPan({ x: -wheel.deltaX * unit, y: -wheel.deltaY * unit })
}
