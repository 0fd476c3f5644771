import { little } from './bytes.ts'

/** Types of values (TIFF 6.0, section 2), and those of BigTIFF. */
export const ascii = 2
export const short = 3
export const long = 4
export const rational = 5
export const undefinedBytes = 7

/** Tag, type, how many values, and the value or where they are. */
export type Entry = readonly [tag: number, type: number, count: number, value: number]

const entry = ([tag, type, count, value]: Entry): Buffer =>
  Buffer.concat([little(2, tag, type), little(4, count, value)])

/** Bytes of a directory with so many entries. */
export const directorySize = (entries: number): number => 2 + entries * 12 + 4

/** @param next where the next directory is; 0 ends the list */
export const directory = (entries: readonly Entry[], next = 0): Buffer =>
  Buffer.concat([little(2, entries.length), ...entries.map(entry), little(4, next)])

export const magic = Buffer.from('II*\0', 'latin1')
export const headBytes = 8

interface Strips {
  readonly width: number
  readonly height: number
  /** Where the one strip is, and its bytes. */
  readonly at: number
  readonly bytes: number
  readonly rows?: number
  readonly compression?: number
  readonly bits?: number
  readonly samples?: number
}

const none = 1
export const deflate = 8

export const strips = (of: Strips): Entry[] => [
  [256, long, 1, of.width],
  [257, long, 1, of.height],
  [258, short, 1, of.bits ?? 1],
  [259, short, 1, of.compression ?? none],
  [262, short, 1, 1],
  [273, long, 1, of.at],
  [277, short, 1, of.samples ?? 1],
  [278, long, 1, of.rows ?? of.height],
  [279, long, 1, of.bytes],
]

/** A page whose pixels are a file's last part. */
export function single(data: Buffer, page: Omit<Strips, 'at' | 'bytes'>, ...more: Entry[]): Buffer {
  const at = headBytes + directorySize(9 + more.length)
  const entries = [...strips({ ...page, at, bytes: data.length }), ...more]
  return Buffer.concat([magic, little(4, headBytes), directory(entries), data])
}

/** So many pages that all have the same pixels. */
export function sharedPages(
  count: number,
  page: Omit<Strips, 'at' | 'bytes'>,
  data: Buffer,
  more: readonly Entry[] = [],
): Buffer {
  const entries = [...strips({ ...page, at: headBytes, bytes: data.length }), ...more]
  const first = headBytes + data.length
  const size = directorySize(entries.length)
  const pages = Array.from({ length: count }, (_, index) =>
    directory(entries, index === count - 1 ? 0 : first + (index + 1) * size),
  )
  return Buffer.concat([magic, little(4, first), data, ...pages])
}
