import type { Span } from './page-text.ts'
import type { Point } from './words.ts'

// Between characters of a text node and places in the window.

/** Offset of the character that is at a place, if there is one. */
export function characterAt(node: Text, { x, y }: Point): number | undefined {
  const caret = caretAt({ x, y })
  if (caret?.node !== node) return undefined
  // The caret stands before or behind the character, whichever is nearer.
  return [caret.offset, caret.offset - 1].find((start) => {
    if (start < 0 || start >= node.length) return false
    return rectsOf(node, { start, end: start + 1 }).some(
      ({ left, right, top, bottom }) => left <= x && x < right && top <= y && y < bottom,
    )
  })
}

interface Caret {
  readonly node: Node
  readonly offset: number
}

function caretAt({ x, y }: Point): Caret | undefined {
  if (typeof document.caretPositionFromPoint === 'function') {
    const position = document.caretPositionFromPoint(x, y)
    return position ? { node: position.offsetNode, offset: position.offset } : undefined
  }
  // Of Safari before 26.
  const range = document.caretRangeFromPoint(x, y)
  return range ? { node: range.startContainer, offset: range.startOffset } : undefined
}

function rangeOf(node: Text, { start, end }: Span): Range {
  const range = document.createRange()
  range.setStart(node, Math.min(start, node.length))
  range.setEnd(node, Math.min(end, node.length))
  return range
}

const rectsOf = (node: Text, span: Span): DOMRect[] => [...rangeOf(node, span).getClientRects()]

/** Scrolls as little as it takes to have a part of the text in its frame. */
export function scrollToSpan(frame: HTMLElement, node: Text, span: Span): void {
  const part = rangeOf(node, span).getBoundingClientRect()
  const room = frame.getBoundingClientRect()
  frame.scrollBy({
    top: shift(part.top, part.bottom, room.top, room.bottom),
    left: shift(part.left, part.right, room.left, room.right),
    behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth',
  })
}

const inset = 32

function shift(start: number, end: number, roomStart: number, roomEnd: number): number {
  if (start < roomStart + inset) return start - roomStart - inset
  return Math.max(0, end - roomEnd + inset)
}
