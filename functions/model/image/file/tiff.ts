import { OcrError } from '../../../contract/errors.ts'
import type { ImageFile } from './image-file.ts'
import { createNumbers, createWriter, type Layout, type Numbers } from './tiff-numbers.ts'

const maxPages = 10_000

/** What tells of a picture how its pixels stand in the file, how large they are and how they lie. */
const kept = new Set([
  // Size, layout, orientation and density, in strips or tiles.
  254, 256, 257, 258, 259, 262, 266, 273, 274, 277, 278, 279, 282, 283, 284, 296, 322, 323, 324,
  325,
  // Compression and colors.
  292, 293, 317, 318, 319, 320, 332, 334, 338, 339, 340, 341, 347, 529, 530, 531, 532, 34_675,
  // JPEG as it was before.
  512, 513, 514, 515, 517, 518, 519, 520, 521,
])

/** So many entries that are not needed may stay, for which a file is not copied, and so many values of them. */
const few = { entries: 500, values: 100_000 }

/** Bytes of a value, by its type (TIFF 6.0, section 2, and BigTIFF). */
const typeBytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8]
/** Of values that the pages have in common, such as a color profile; libtiff reads them anew for each page. */
const maxSharedBytes = 64 * 2 ** 20

/**
 * A TIFF, each of whose pages has a directory, without entries that are not needed, if they are many. libtiff takes a
 * copy of all their values, and seconds for thousands that it does not know.
 * @throws OcrError `too_many_pages`; `undecodable_image` when pages share so many values that to count them takes long
 */
export function openTiff(bytes: Uint8Array): ImageFile {
  const numbers = createNumbers(bytes)
  const directories = directoriesOf(numbers)
  if (directories.length > maxPages) {
    const message = `The file has more than ${maxPages} pages, too many to look for one among them. Send it in parts.`
    throw new OcrError('too_many_pages', message)
  }
  const left = { entries: 0, values: 0 }
  const entries = directories.map((directory) =>
    entriesOf(directory, numbers, (values) => {
      left.entries++
      left.values += values
    }),
  )
  requireOwnValues(entries.flat(), numbers)
  const isLean = left.entries <= few.entries && left.values <= few.values
  return {
    // Without a directory it is no page, which is for the decoder to tell.
    pageCount: Math.max(1, directories.length),
    frames: 1,
    bytes: isLean ? bytes : withDirectories(bytes, entries, numbers.layout),
  }
}

interface Directory {
  readonly at: number
  readonly count: number
}

/**
 * Each tells where the next one is; one more of them than there may be at most. A list that comes back to itself ends
 * there, as does one whose directories overlap: together they would be larger than the file.
 */
function directoriesOf({ layout, at: numberAt, fileBytes }: Numbers): Directory[] {
  const { link, countBytes, entryBytes, offsetBytes } = layout
  const found = new Map<number, Directory>()
  let [at, room] = [numberAt(link, offsetBytes), fileBytes]
  while (at !== 0 && !found.has(at) && found.size <= maxPages) {
    const count = numberAt(at, countBytes)
    const end = at + countBytes + count * entryBytes
    room -= end - at
    if (count === 0 || end > fileBytes || room < 0) break
    found.set(at, { at, count })
    at = numberAt(end, offsetBytes)
  }
  return [...found.values()]
}

/** The values of all pages together stand in the file, but for what may be shared. */
function requireOwnValues(entries: readonly number[], { layout, at, fileBytes }: Numbers): void {
  const valueBytes = entries.map(
    (place) => at(place + 4, layout.offsetBytes) * (typeBytes[at(place + 2, 2)] ?? 0),
  )
  if (valueBytes.reduce((sum, bytes) => sum + bytes, 0) <= fileBytes + maxSharedBytes) return
  const message = 'The pages of the TIFF claim to have more values than it holds.'
  throw new OcrError('undecodable_image', message)
}

/**
 * Where the entries are that are needed, each once.
 * @param onLeft is told of each other, by the number of its values
 */
function entriesOf(
  { at, count }: Directory,
  { layout, at: numberAt }: Numbers,
  onLeft: (values: number) => void,
): number[] {
  const { countBytes, entryBytes, offsetBytes } = layout
  const places = new Map<number, number>()
  for (let index = 0; index < count; index++) {
    const place = at + countBytes + index * entryBytes
    const tag = numberAt(place, 2)
    if (kept.has(tag) && !places.has(tag)) places.set(tag, place)
    else onLeft(numberAt(place + 4, offsetBytes))
  }
  return [...places.values()]
}

/** A copy with directories of these entries, which stand behind all that the entries tell the places of. */
function withDirectories(bytes: Uint8Array, directories: number[][], layout: Layout): Uint8Array {
  const { link, countBytes, entryBytes, offsetBytes } = layout
  const sizeOf = (entries: number[]) => countBytes + entries.length * entryBytes + offsetBytes
  const start = bytes.length + (bytes.length % 2)
  const file = new Uint8Array(directories.reduce((sum, entries) => sum + sizeOf(entries), start))
  const write = createWriter(file, layout)
  file.set(bytes)
  write(link, offsetBytes, start)
  let at = start
  for (const [index, entries] of directories.entries()) {
    write(at, countBytes, entries.length)
    for (const [row, place] of entries.entries()) {
      file.set(bytes.subarray(place, place + entryBytes), at + countBytes + row * entryBytes)
    }
    at += sizeOf(entries)
    write(at - offsetBytes, offsetBytes, index === directories.length - 1 ? 0 : at)
  }
  return file
}
