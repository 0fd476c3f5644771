import { type ImageFile, maxMetadataBytes } from './image-file.ts'
import { without } from './without.ts'

const exif = 0xe1
const profile = 0xe2
const startOfScan = 0xda
/** Markers with nothing behind them: TEM, RST0 to RST7, SOI and EOI (ITU T.81, table B.1). */
const standsAlone = (marker: number): boolean =>
  marker === 0x01 || (marker >= 0xd0 && marker <= 0xd9)
/** What applications add besides EXIF and profiles, but not APP0 and APP14, which tell how colors are coded. */
const isExtra = (marker: number): boolean =>
  marker === 0xfe || (marker > profile && marker <= 0xef && marker !== 0xee)

/** A JPEG without comments and most of what applications add, if there is much of that before its picture. */
export function openJpeg(bytes: Uint8Array): ImageFile {
  let profileBytes = 0
  forEachSegment(bytes, (marker, start, end) => {
    if (marker === profile) profileBytes += end - start
  })
  const lean = without(bytes, (leaveOut) => {
    let hasExif = false
    forEachSegment(bytes, (marker, start, end) => {
      const isExif = marker === exif && hasName(bytes, start, 'Exif')
      const isSecond = marker === exif && (hasExif || !isExif)
      const isLarge = marker === profile && profileBytes > maxMetadataBytes
      if (isSecond || isLarge || isExtra(marker)) leaveOut(start, end)
      hasExif ||= isExif
    })
  })
  return { pageCount: 1, frames: 1, bytes: lean }
}

/** Goes through what stands before the first scan. */
function forEachSegment(
  bytes: Uint8Array,
  visit: (marker: number, start: number, end: number) => void,
): void {
  let at = 2
  while (bytes[at] === 0xff && bytes[at + 1] !== startOfScan) {
    const marker = bytes[at + 1] ?? 0
    // Any number of them may stand before a marker.
    if (marker === 0xff) at++
    else if (standsAlone(marker)) at += 2
    else {
      const end = at + 2 + ((bytes[at + 2] ?? 0) << 8) + (bytes[at + 3] ?? 0)
      visit(marker, at, end)
      at = end
    }
  }
}

/** Whether a segment has a name, which stands behind its marker and its length. */
const hasName = (bytes: Uint8Array, start: number, name: string): boolean =>
  [...name].every((letter, index) => bytes[start + 4 + index] === letter.charCodeAt(0))
