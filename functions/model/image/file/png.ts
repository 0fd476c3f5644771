import { type ImageFile, maxMetadataBytes } from './image-file.ts'
import { without } from './without.ts'

const signatureBytes = 8
/** Length and type before its data, and a checksum behind them. */
const chunkBytes = 12
const typeOf = (name: string): number => Buffer.from(name, 'latin1').readUInt32BE()
/** What pixels look like, how large they are and how they lie, besides the chunks that no picture does without. */
const kept = new Set(['tRNS', 'gAMA', 'cHRM', 'sRGB', 'iCCP', 'pHYs', 'eXIf'].map(typeOf))
const isCritical = (type: number): boolean => (type & 0x20000000) === 0
/**
 * A PNG (PNG specification, section 4.7) without texts and whatever else is not needed, if that is much. libpng
 * inflates texts to open one, to a thousand times their size, and complains at length of each chunk that comes again.
 */
export function openPng(bytes: Uint8Array): ImageFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const lean = without(bytes, (leaveOut) => {
    const seen = new Set<number>()
    let at = signatureBytes
    while (at + chunkBytes <= bytes.length) {
      const size = view.getUint32(at)
      const end = at + chunkBytes + size
      const type = view.getUint32(at + 4)
      const isNeeded = kept.has(type) && !seen.has(type) && size <= maxMetadataBytes
      if (!isNeeded && !isCritical(type)) leaveOut(at, end)
      seen.add(type)
      at = end
    }
  })
  return { pageCount: 1, frames: 1, bytes: lean }
}
