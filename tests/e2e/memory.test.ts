import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import sharp, { type Sharp } from 'sharp'
import { serviceEnvironment } from '../../scripts/service-environment.mjs'
import { receipt } from '../documents/corpus.ts'
import { renderText } from '../documents/render.ts'
import { memoryBoundMiB, pageBoundMiB, pageRowsMiB } from '../resilience/memory-bound.ts'
import { memoryMiB, peakMemoryMiB, processFile } from '../services/processes.ts'
import { inferBinary, inferJson } from '../services/requests.ts'
import { type Model, settle, startModel } from '../services/start.ts'

const MiB = 2 ** 20
const slots = 2
const uploadMemoryBytes = 64 * MiB
/** 49 megapixels, of 50 that are allowed. */
const side = 7_000

/** A word on a sheet of paper that is nearly the largest. */
async function largePage(): Promise<Sharp> {
  const word = await (await renderText('Hello', { size: 100 })).png().toBuffer()
  const paper = { width: side, height: side, channels: 3, background: 'white' } as const
  const { data, info } = await sharp({ create: paper })
    .composite([{ input: word, left: 500, top: 500 }])
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return sharp(data, { raw: info })
}

describe('the memory of the model', () => {
  let model: Model
  let page: Sharp

  before(async () => {
    page = await largePage()
    model = await startModel({
      OCR_ENGINE_PROCESSES: String(slots),
      OCR_UPLOAD_MEMORY_BYTES: String(uploadMemoryBytes),
    })
    await settle(model)
    await inferBinary(model, await receipt(1))
  })
  after(() => model.stop())

  const requireBound = () => {
    const boundMiB = memoryBoundMiB({ slots, uploadMemoryBytes })
    assert.ok(peakMemoryMiB(model) <= boundMiB, `${peakMemoryMiB(model)} of ${boundMiB} MiB`)
  }

  it('is got from glibc in few heaps and large blocks that go back', () => {
    const environment = processFile(model.pid, 'environ').split('\0')
    for (const [name, value] of Object.entries(serviceEnvironment)) {
      assert.ok(environment.includes(`${name}=${value}`), name)
    }
  })

  // What is decoded row by row comes first, as the peak is that of all before.
  for (const [what, encode, mostMiB] of [
    ['a JPEG', (image) => image.jpeg(), pageRowsMiB],
    ['a PNG', (image) => image.png({ compressionLevel: 1 }), pageRowsMiB],
    ['a progressive JPEG', (image) => image.jpeg({ progressive: true }), pageBoundMiB],
    ['an interlaced PNG', (image) => image.png({ progressive: true }), pageBoundMiB],
  ] as const satisfies ReadonlyArray<readonly [string, (image: Sharp) => Sharp, number]>) {
    it(`grows by less than ${mostMiB} MiB with ${what} of ${side} x ${side} pixels in every slot`, async () => {
      const image = await encode(page.clone()).toBuffer()
      const before = memoryMiB(model)
      const read = await Promise.all(Array.from({ length: slots }, () => inferBinary(model, image)))
      for (const { text } of read) assert.equal(String(text).trim(), 'Hello')
      const grown = (peakMemoryMiB(model) - before) / slots
      assert.ok(grown < mostMiB, `${grown} MiB`)
      requireBound()
    })
  }

  it('has its bound when many bodies come at once that are as large as they may be', async () => {
    const image = Buffer.concat([await receipt(1), Buffer.alloc(18 * MiB)])
    const statuses = await Promise.all(
      Array.from({ length: 10 }, () =>
        inferJson(model, image).then(
          () => 200,
          (error: Error) => Number(error.message.slice(0, 3)),
        ),
      ),
    )
    assert.ok(statuses.includes(200) && statuses.includes(429), statuses.join())
    assert.ok(
      statuses.every((status) => [200, 429].includes(status)),
      statuses.join(),
    )
    requireBound()
  })
})
