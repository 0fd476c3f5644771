import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import sharp from 'sharp'
import { receipt } from '../documents/corpus.ts'
import { upload } from '../services/requests.ts'
import { startGateway, startModel } from '../services/start.ts'

describe('more requests than there is room for', () => {
  it('are read or refused with a time to retry, large bodies too, and none is lost', async (t) => {
    const model = await startModel({ OCR_ENGINE_PROCESSES: '1', OCR_QUEUE_LIMIT: '1' })
    t.after(() => model.stop())
    const gateway = await startGateway(model)
    t.after(() => gateway.stop())
    const image = await sharp(await receipt(1))
      .png()
      .toBuffer()
    // Bytes after the end of a PNG are no part of the picture.
    const large = Buffer.concat([image, Buffer.alloc(5 * 2 ** 20)])

    const responses = await Promise.all(Array.from({ length: 20 }, () => upload(gateway, large)))
    const count = (status: number) => responses.filter((one) => one.status === status).length
    assert.ok(count(200) >= 2, `${count(200)} were read`)
    assert.equal(count(200) + count(429), 20, responses.map(({ status }) => status).join())
    for (const response of responses.filter(({ status }) => status === 429)) {
      assert.match(response.headers.get('retry-after') ?? '', /^[1-9]\d*$/)
      assert.equal(((await response.json()) as { code: string }).code, 'overloaded')
    }
    assert.equal((await upload(gateway, image)).status, 200)
  })
})
