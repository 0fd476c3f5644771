import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import sharp from 'sharp'
import { noise, pixelsOf } from '../../fixtures/noise.ts'
import { openImageFile } from './open.ts'

function segment(marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(data.length + 2, 2)
  return Buffer.concat([head, data])
}

const large = Buffer.alloc(60_000)
const comment = segment(0xfe, large)
const named = (marker: number, name: string): Buffer =>
  segment(marker, Buffer.concat([Buffer.from(name, 'latin1'), large]))
const profilePart = named(0xe2, 'ICC_PROFILE\0\x01\xff')
const picture = () => noise(40, 20).withMetadata({ orientation: 6 }).jpeg().toBuffer()

/** Segments before all others. */
const withSegments = async (...segments: Buffer[]): Promise<Buffer> => {
  const file = await picture()
  return Buffer.concat([file.subarray(0, 2), ...segments, file.subarray(2)])
}

describe('a JPEG', () => {
  it('with little that is not needed is left as it is', async () => {
    const file = await withSegments(comment)
    assert.equal(openImageFile(file).bytes, file)
  })

  it('loses comments and what applications add, and nothing else', async () => {
    const extras = [
      comment,
      named(0xe1, 'http://ns.adobe.com/xap/1.0/\0'),
      named(0xed, 'Photoshop'),
    ]
    const file = await withSegments(...extras, Buffer.from([0xff, 0xff]))
    const { bytes } = openImageFile(file)
    assert.deepEqual(bytes, await withSegments(Buffer.from([0xff, 0xff])))
    assert.equal((await sharp(bytes).metadata()).orientation, 6)
    assert.deepEqual(await pixelsOf(bytes), await pixelsOf(file))
  })

  it('keeps its first EXIF, and a profile of up to 4 MiB', async () => {
    const tags = { IFD0: { Copyright: 'nobody' } }
    const file = await noise(40, 20).withExif(tags).jpeg().toBuffer()
    assert.equal(file[3], 0xe1)
    const endOfExif = 4 + file.readUInt16BE(4)
    const withProfile = (count: number, ...others: Buffer[]) => {
      const profile = Array<Buffer>(count).fill(profilePart)
      const parts = [file.subarray(0, endOfExif), ...others, ...profile, file.subarray(endOfExif)]
      return Buffer.concat(parts)
    }
    const exif = named(0xe1, 'Exif\0\0')
    assert.deepEqual(openImageFile(withProfile(69, exif, exif)).bytes, withProfile(69))
    assert.deepEqual(openImageFile(withProfile(70)).bytes, file)
  })

  it('is left as it is where it breaks off', async () => {
    const file = await picture()
    for (let length = 3; length < file.length; length++) {
      const start = file.subarray(0, length)
      assert.equal(openImageFile(start).bytes, start)
    }
  })
})
