import type { ImageFile } from './image-file.ts'

const extension = 0x21
const image = 0x2c
const trailer = 0x3b
const screenBytes = 13
const descriptorBytes = 10

/** A GIF (GIF89a, appendix B), whose page ends with its first frame. libvips looks for all of them to open one. */
export function openGif(bytes: Uint8Array): ImageFile {
  let [at, frames, endOfFirst] = [screenBytes + colorTableBytes(bytes[10]), 0, 0]
  for (;;) {
    const start = at
    if (bytes[at] === extension) at = endOfBlocks(bytes, at + 2)
    else if (bytes[at] === image) at = endOfImage(bytes, at)
    else break
    if (at > bytes.length) break
    if (bytes[start] === image && ++frames === 1) endOfFirst = at
  }
  return { pageCount: 1, frames: Math.max(1, frames), bytes: upTo(endOfFirst, bytes) }
}

/** The file up to the end of its first frame, if there is one. */
function upTo(end: number, bytes: Uint8Array): Uint8Array {
  if (end === 0 || end + 1 >= bytes.length) return bytes
  return Buffer.concat([bytes.subarray(0, end), Buffer.from([trailer])])
}

/** @param flags the lowest three bits tell how many colors there are, the highest whether there is a table */
const colorTableBytes = (flags = 0): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0)

/** After its colors comes a byte for the size of its codes. */
const endOfImage = (bytes: Uint8Array, at: number): number =>
  endOfBlocks(bytes, at + descriptorBytes + colorTableBytes(bytes[at + 9]) + 1)

/** Blocks begin with their size, and end with one of size 0. Beyond the file's end if that is missing. */
function endOfBlocks(bytes: Uint8Array, start: number): number {
  let at = start
  while (bytes[at]) at += 1 + (bytes[at] ?? 0)
  return at + 1
}
