import { crc32 } from 'node:zlib'
import type { FileTypeName } from '../../../functions/contract/file-types.ts'

/** Cuts a file into the blocks of its type, which together are the file. Whatever is left is the last block. */
export function blocksOf(type: FileTypeName, file: Buffer): Buffer[] {
  const cuts = cutters[type](file).filter((at) => at > 0 && at < file.length)
  return [0, ...cuts].map((at, index) => file.subarray(at, cuts[index] ?? file.length))
}

/** Where blocks begin, in order. */
const cutters: Record<FileTypeName, (file: Buffer) => number[]> = {
  png: (file) => chained(file, 8, (at) => 12 + file.readUInt32BE(at)),
  webp: (file) =>
    chained(file, 12, (at) => 8 + file.readUInt32LE(at + 4) + ((file[at + 4] ?? 0) % 2)),
  jpeg: (file) => placesOf(file, /\xff[\xc0-\xcf\xd8-\xfe]/g),
  gif: (file) => placesOf(file, /[\x21\x2c\x3b]/g),
  tiff: entriesOf,
  pdf: (file) => placesOf(file, /\d+ 0 obj|stream|endobj|xref|trailer|\/\w+/g),
}

function chained(file: Buffer, first: number, lengthAt: (at: number) => number): number[] {
  const cuts: number[] = []
  for (let at = first; at + 8 <= file.length; at += lengthAt(at)) cuts.push(at)
  return cuts
}

const placesOf = (file: Buffer, pattern: RegExp): number[] =>
  [...file.toString('latin1').matchAll(pattern)].map(({ index }) => index)

/** The entries of the first directory, if it is still there. */
function entriesOf(file: Buffer): number[] {
  if (file.length < 16) return []
  const isBig = file.readUInt16LE(2) === 43
  const at = isBig ? Number(file.readBigUInt64LE(8)) : file.readUInt32LE(4)
  const [head, size] = isBig ? [8, 20] : [2, 12]
  const count = at + 2 <= file.length ? file.readUInt16LE(at) : 0
  return Array.from({ length: count + 1 }, (_, index) => at + head + index * size)
}

/** A file whose lengths and checksums are right again where a decoder would look at nothing else. */
export function repaired(type: FileTypeName, file: Buffer): Buffer {
  if (type === 'webp' && file.length >= 8) file.writeUInt32LE(file.length - 8, 4)
  if (type !== 'png') return file
  for (let at = 8; at + 12 <= file.length; ) {
    const end = at + 8 + file.readUInt32BE(at)
    if (end + 4 > file.length) break
    file.writeUInt32BE(crc32(file.subarray(at + 4, end)), end)
    at = end + 4
  }
  return file
}
