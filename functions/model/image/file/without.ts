/** So few bytes that are not needed stay, since a file is copied to be rid of them. */
const fewBytes = 64 * 1024
/** Up to so many are copied one by one. A view of them costs more, and there may be millions. */
const shortBytes = 64

/** Is told from where up to where a part stands that is not needed. */
export type LeaveOut = (start: number, end: number) => void

/**
 * A copy of a file without some of its parts; the file itself if they are too few for a copy.
 * @param walk tells the parts from the first to the last, whenever it is called; the last may end behind the file
 */
export function without(bytes: Uint8Array, walk: (leaveOut: LeaveOut) => void): Uint8Array {
  let left = 0
  walk((start, end) => {
    left += Math.min(end, bytes.length) - start
  })
  if (left <= fewBytes) return bytes
  const copy = Buffer.alloc(bytes.length - left)
  let [length, taken] = [0, 0]
  const takeUpTo = (end: number) => {
    if (end - taken > shortBytes) copy.set(bytes.subarray(taken, end), length)
    else for (let at = taken; at < end; at++) copy[length + at - taken] = bytes[at] ?? 0
    length += Math.max(0, end - taken)
  }
  walk((start, end) => {
    takeUpTo(start)
    taken = end
  })
  takeUpTo(bytes.length)
  return copy
}
