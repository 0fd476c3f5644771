import { type ImageFile, maxMetadataBytes } from './image-file.ts'
import { without } from './without.ts'

const headBytes = 12
const chunkHeadBytes = 8
const fourCc = (name: string): number => Buffer.from(name, 'latin1').readUInt32LE()
const frame = fourCc('ANMF')
const metadata = new Set(['ICCP', 'EXIF'].map(fourCc))
/** A picture, and what tells how it is to be shown. */
const kept = new Set(['VP8X', 'VP8 ', 'VP8L', 'ALPH', 'ICCP', 'ANIM', 'ANMF', 'EXIF'].map(fourCc))

/**
 * A WebP (WebP container specification) without texts and all frames but the first, if they are much. libvips asks
 * libwebp for each frame to open one, which then walks there from the first: minutes for a file of some megabytes.
 */
export function openWebp(bytes: Uint8Array): ImageFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let frames = 0
  const lean = without(bytes, (leaveOut) => {
    frames = 0
    let at = headBytes
    while (at + chunkHeadBytes <= bytes.length) {
      const type = view.getUint32(at, true)
      const size = view.getUint32(at + 4, true)
      const end = at + chunkHeadBytes + size + (size % 2)
      if (type === frame) frames++
      const isLater = type === frame && frames > 1
      const isLarge = metadata.has(type) && size > maxMetadataBytes
      if (isLater || isLarge || !kept.has(type)) leaveOut(at, end)
      at = end
    }
  })
  if (lean !== bytes) tellSize(lean)
  return { pageCount: 1, frames: Math.max(1, frames), bytes: lean }
}

const tellSize = ({ buffer, byteOffset, length }: Uint8Array): void =>
  new DataView(buffer, byteOffset).setUint32(4, length - chunkHeadBytes, true)
