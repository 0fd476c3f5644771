import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import sharp from 'sharp'
import { little } from '../../../../tests/documents/bytes.ts'
import { type Entry, sharedPages } from '../../../../tests/documents/tiff-file.ts'
import { noise, pixelsOf } from '../../fixtures/noise.ts'
import { openImageFile } from './open.ts'

const size = { width: 8, height: 8 }
const data = Buffer.from('0123456789abcdef', 'hex')
const short = 3
/** Entries of which nobody knows what they mean. */
const unknown = (count: number): Entry[] =>
  Array.from({ length: count }, (_, index) => [50_000 + index, short, 1, 1])
const pages = (count: number, more: Entry[] = []) => sharedPages(count, size, data, more)

describe('a TIFF', () => {
  it('tells its pages and is left as it is', () => {
    for (const file of [pages(1), pages(7), pages(10_000)]) {
      const { pageCount, bytes } = openImageFile(file)
      assert.equal(bytes, file)
      assert.equal(pageCount, file.readUInt32LE(4) === 16 ? (file.length - 16) / 114 : 0)
    }
  })

  it('has no more than 10,000 pages', () => {
    assert.throws(() => openImageFile(pages(10_001)), { kind: 'too_many_pages' })
  })

  it('loses more than 500 entries that are not needed, on whatever page they are', async () => {
    const few = pages(4, unknown(125))
    assert.equal(openImageFile(few).bytes, few)
    const { pageCount, bytes } = openImageFile(pages(4, unknown(126)))
    assert.equal(pageCount, 4)
    // Behind the file are four directories of nine entries.
    assert.equal(bytes.length, pages(4, unknown(126)).length + 4 * 114)
    const { pages: found } = await sharp(bytes).metadata()
    assert.equal(found, 4)
    for (const number of [1, 4])
      assert.deepEqual(await pixelsOf(bytes, number), await pixelsOf(few))
  })

  it('loses entries that have more than 100,000 values', () => {
    const few = pages(1, [[50_000, short, 100_000, 8]])
    assert.equal(openImageFile(few).bytes, few)
    const many = pages(1, [[50_000, short, 100_001, 8]])
    assert.equal(openImageFile(many).bytes.length, many.length + 114)
  })

  it('keeps what its picture needs, compressed, in tiles and as BigTIFF', async () => {
    const written = [
      { compression: 'jpeg' },
      { compression: 'lzw', predictor: 'horizontal' },
      { compression: 'deflate', tile: true, tileWidth: 16, tileHeight: 16 },
      { compression: 'none', bigtiff: true },
    ] as const
    const colored = () => noise(40, 24).withMetadata({ orientation: 6 })
    const fax = { compression: 'ccittfax4', bitdepth: 1 } as const
    const pictures = [
      ...written.map((options) => colored().tiff(options)),
      noise(40, 24).grayscale().threshold(150).toColorspace('b-w').tiff(fax),
    ]
    for (const picture of pictures) {
      const file = await picture.toBuffer()
      const { bytes } = openImageFile(withUnknown(file, 501))
      assert.ok(bytes.length > file.length)
      assert.deepEqual(await pixelsOf(bytes), await pixelsOf(file))
      const [{ orientation, density }, wanted] = await Promise.all([
        sharp(bytes).metadata(),
        sharp(file).metadata(),
      ])
      assert.deepEqual([orientation, density], [wanted.orientation, wanted.density])
    }
  })

  it('has the pages of a list that ends in itself or in nothing', () => {
    const ring = pages(3)
    ring.writeUInt32LE(16, ring.length - 4)
    assert.equal(openImageFile(ring).pageCount, 3)
    const nothing = pages(3)
    nothing.writeUInt32LE(2 ** 32 - 1, nothing.length - 4)
    assert.equal(openImageFile(nothing).pageCount, 3)
  })

  it('has no directories that overlap, which would be read over and over', () => {
    const [count, entries] = [5_000, 60_000]
    const file = Buffer.alloc(8 + count * 4 + entries * 12 + count * 4 + 6)
    file.write('II*\0', 'latin1')
    file.writeUInt32LE(8, 4)
    for (let index = 0; index < count; index++) {
      const at = 8 + index * 4
      file.writeUInt16LE(entries, at)
      file.writeUInt32LE(at + 4, at + 2 + entries * 12)
    }
    const start = performance.now()
    assert.equal(openImageFile(file).pageCount, 1)
    assert.ok(performance.now() - start < 1000)
  })

  it('may share values among its pages, but not so many that to read them for each takes long', () => {
    const profile = (bytes: number): Entry[] => [[34_675, 7, bytes, 8]]
    assert.equal(openImageFile(pages(1_000, profile(60_000))).pageCount, 1_000)
    const error = { kind: 'undecodable_image', message: /claim to have more values/ }
    assert.throws(() => openImageFile(pages(1_000, profile(70_000))), error)
    assert.throws(() => openImageFile(pages(1, profile(2 ** 32 - 1))), error)
  })

  it('that breaks off is left as it is, wherever it does', () => {
    const file = pages(2)
    for (let length = 4; length < file.length; length++) {
      const start = file.subarray(0, length)
      assert.equal(openImageFile(start).bytes, start)
    }
  })
})

/** The file with a copy of its directory behind it, which has some more entries. */
function withUnknown(file: Buffer, count: number): Buffer {
  const isBig = file.readUInt16LE(2) === 43
  const at = isBig ? Number(file.readBigUInt64LE(8)) : file.readUInt32LE(4)
  const length = isBig ? Number(file.readBigUInt64LE(at)) : file.readUInt16LE(at)
  const wide = (value: number) => Buffer.concat([little(4, value), Buffer.alloc(4)])
  const entries = file.subarray(at + (isBig ? 8 : 2)).subarray(0, length * (isBig ? 20 : 12))
  const more = Array.from({ length: count }, (_, index) =>
    Buffer.concat([
      little(2, 50_000 + index, short),
      isBig ? Buffer.concat([wide(1), wide(1)]) : little(4, 1, 1),
    ]),
  )
  const total = length + count
  const directory = [isBig ? wide(total) : little(2, total), entries, ...more, Buffer.alloc(8)]
  const whole = Buffer.concat([file, Buffer.alloc(file.length % 2), ...directory])
  const place = file.length + (file.length % 2)
  if (isBig) whole.writeBigUInt64LE(BigInt(place), 8)
  else whole.writeUInt32LE(place, 4)
  return whole
}
