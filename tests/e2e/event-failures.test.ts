import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import sharp from 'sharp'
import { tiffOf } from '../documents/containers.ts'
import { isRunning } from '../services/processes.ts'
import { busyEngine, pagesUnderWay } from '../services/progress.ts'
import { until } from '../services/until.ts'
import { messageOf, submitted } from './broker.ts'
import {
  dense,
  gatewayFor,
  image,
  MiB,
  model,
  nobody,
  problemIn,
  readingsBy,
  recognizedIn,
  send,
  sendDocument,
} from './event-gateway.ts'

describe('an event that can never be read', () => {
  it('is answered with a status that no broker tries again', async (t) => {
    const gateway = await gatewayFor(t, { OCR_MAX_UPLOAD_BYTES: String(MiB) })
    // Of the same event it would be remembered what became of it.
    let id = 0
    const having = (attributes: object, document = image) =>
      messageOf(submitted({ id: String(++id), ...attributes }, document))
    const holding = (document: Uint8Array<ArrayBuffer>) => having({}, document)
    const batch = {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents-batch+json' },
      body: `[${submitted({ id: 'a' }, image)}]`,
    }
    const without = (name: string) => {
      const { headers, ...rest } = having({})
      const others = Object.entries(headers).filter(([header]) => header !== `ce-${name}`)
      return { ...rest, headers: Object.fromEntries(others) }
    }
    for (const [what, message, expected] of [
      ['no image', holding(Buffer.from('Hello')), '415 unsupported_media'],
      ['half an image', holding(image.slice(0, 500)), '422 undecodable_image'],
      ['a byte too many', holding(new Uint8Array(MiB + 1)), '413 payload_too_large'],
      ['far too many bytes', holding(new Uint8Array(30 * MiB)), '413 payload_too_large'],
      ['nothing', messageOf(submitted({ id: 'a' })), '400 invalid_request'],
      ['another type', having({ type: 'com.example' }), '400 invalid_request'],
      ['another version', having({ specversion: '0.3' }), '400 invalid_request'],
      ['an unknown language', having({ ocrlang: 'tlh' }), '400 unknown_language'],
      ['no id', without('id'), '400 invalid_request'],
      ['no source', without('source'), '400 invalid_request'],
      ['a batch', batch, '415 unsupported_media'],
    ] as const) {
      assert.equal(await problemIn(await send(gateway, message), what), expected, what)
    }
  })

  it('kills two engines and no more, and is not read when it comes again', async (t) => {
    const gateway = await gatewayFor(t)
    const before = await readingsBy(gateway)
    const answer = sendDocument(gateway, 'poison', dense)
    for (let deaths = 0; deaths < 2; deaths++) process.kill(await busyEngine(model), 'SIGKILL')
    assert.equal(await problemIn(await answer), '422 engine_crashed')
    const again = await sendDocument(gateway, 'poison', dense)
    assert.equal(await problemIn(again), '422 engine_crashed')
    assert.equal((await readingsBy(gateway)) - before, 1)
  })
})

describe('an event that can be read later', () => {
  const retryAfterIn = ({ headers }: Response) => headers.get('retry-after') ?? ''

  it('is answered with 503 while there is no model', async (t) => {
    const inferUrl = `${nobody}/v2/models/ocr-model/infer`
    const gateway = await gatewayFor(t, {}, { inferUrl })
    // The circuit opens on the way.
    for (let time = 0; time < 10; time++) {
      const answer = await sendDocument(gateway, 'a')
      assert.match(retryAfterIn(answer), /^[1-9]\d*$/)
      assert.equal(await problemIn(answer), '503 model_unavailable')
    }
  })

  it('is answered with 429 while all places are taken', async (t) => {
    const gateway = await gatewayFor(t, { OCR_MAX_REQUESTS: '1' })
    // Not the very document that has killed engines, which would be refused. What is behind a picture is not read.
    const other = new Uint8Array([...dense, 0])
    const slow = sendDocument(gateway, 'slow', other)
    await until(() => pagesUnderWay(model) > 0 || undefined)
    const answer = await sendDocument(gateway, 'a')
    assert.match(retryAfterIn(answer), /^[1-9]\d*$/)
    assert.equal(await problemIn(answer), '429 overloaded')
    await recognizedIn(await slow)
    await recognizedIn(await sendDocument(gateway, 'a'))
  })

  it('is answered with 504 at the deadline, which leaves no engine at work', async (t) => {
    const gateway = await gatewayFor(t, { OCR_REQUEST_TIMEOUT_MS: '1500' })
    const pages = Array.from({ length: 4 }, () => sharp(dense).withDensity(150))
    const answer = sendDocument(gateway, 'slow', new Uint8Array(await tiffOf(pages)))
    const engine = await busyEngine(model)
    assert.equal(await problemIn(await answer), '504 deadline_exceeded')
    await until(() => !isRunning(engine) || undefined)
    await until(() => pagesUnderWay(model) === 0 || undefined)
    await recognizedIn(await sendDocument(gateway, 'a'))
  })
})
