import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { post, rawClient, sendZeros } from '../../functions/platform/fixtures/raw-client.ts'
import { renderText } from '../documents/render.ts'
import { bytesReadBy } from '../services/processes.ts'
import {
  type Model,
  portOf,
  type Service,
  settle,
  startGateway,
  startModel,
} from '../services/start.ts'

const MiB = 2 ** 20
const key = `ocr_${'k'.repeat(43)}`
const withKey = `Authorization: Bearer ${key}`
const png = 'Content-Type: image/png'

const statusesIn = (answer: string): number[] =>
  [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))

describe('a request that is refused early', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ocr-keys-'))
  let model: Model
  let gateway: Service
  let port: number
  let image: Buffer<ArrayBuffer>

  before(async () => {
    const keysFile = join(folder, 'keys')
    writeFileSync(keysFile, `alice ${createHash('sha256').update(key).digest('hex')}\n`)
    image = Buffer.from(await (await renderText('Hello')).png().toBuffer())
    model = await startModel()
    gateway = await startGateway(model, {
      OCR_ACCESS: 'keys',
      OCR_KEYS_FILE: keysFile,
      OCR_MAX_UPLOAD_BYTES: String(MiB),
      OCR_RECEIVE_TIMEOUT_MS: '1000',
    })
    await settle(gateway)
    port = portOf(gateway)
  })
  after(async () => {
    await gateway.stop()
    await model.stop()
    rmSync(folder, { recursive: true })
  })

  async function read(): Promise<number> {
    const headers = { 'content-type': 'image/png', authorization: `Bearer ${key}` }
    const response = await fetch(`${gateway.url}/v1/ocr`, { method: 'POST', headers, body: image })
    await response.arrayBuffer()
    return response.status
  }

  for (const [problem, status, head] of [
    ['has no key', 401, post('/v1/ocr', png, `Content-Length: ${20 * MiB}`)],
    ['has no key and no length', 401, post('/v1/ocr', png, 'Transfer-Encoding: chunked')],
    ['announces too much', 413, post('/v1/ocr', png, withKey, `Content-Length: ${20 * MiB}`)],
    ['has an unknown path', 404, post('/v9/ocr', png, `Content-Length: ${20 * MiB}`)],
    [
      'is of a type that is not read',
      415,
      post('/v1/ocr', 'Content-Type: video/mp4', withKey, `Content-Length: ${20 * MiB}`),
    ],
  ] as const) {
    it(`because it ${problem} is answered with ${status} before 1 MiB of 20 is taken`, async (t) => {
      const before = bytesReadBy(gateway)
      const client = await rawClient(t, { port })
      client.socket.write(head)
      const ended = once(client.socket, 'end')
      await sendZeros(client, 20 * MiB, { isChunked: head.includes('chunked') })
      await ended
      assert.deepEqual(statusesIn(client.answer()), [status])
      assert.ok(client.socket.destroyed, 'it is closed before all is sent')
      const taken = bytesReadBy(gateway) - before
      assert.ok(taken > 0 && taken < MiB, `${taken} bytes were taken`)
    })
  }

  it('sends nothing of its body when it asks before', async (t) => {
    const client = await rawClient(t, { port })
    const ended = once(client.socket, 'end')
    client.socket.write(post('/v1/ocr', png, 'Content-Length: 466', 'Expect: 100-continue'))
    await ended
    assert.deepEqual(statusesIn(client.answer()), [401])
  })

  it('is told to go on when it asks and is not refused', async (t) => {
    const client = await rawClient(t, { port })
    const length = `Content-Length: ${image.length}`
    client.socket.write(post('/v1/ocr', png, withKey, length, 'Expect: 100-continue'))
    await client.until(/^HTTP\/1.1 100 Continue\r\n\r\n/)
    client.socket.write(image)
    await client.until(/HTTP\/1.1 200 /)
  })

  it('because it grows beyond the limit is not read to its end', async (t) => {
    const before = bytesReadBy(gateway)
    const client = await rawClient(t, { port })
    client.socket.write(post('/v1/ocr', png, withKey, 'Transfer-Encoding: chunked'))
    const ended = once(client.socket, 'end')
    await sendZeros(client, 20 * MiB, { isChunked: true })
    await ended
    assert.deepEqual(statusesIn(client.answer()), [413])
    const taken = bytesReadBy(gateway) - before
    assert.ok(taken < 2 * MiB, `${taken} bytes were taken`)
  })

  const lying = (...headers: string[]) => post('/v1/ocr', png, withKey, ...headers)
  for (const [problem, status, text] of [
    ['has less than it announces', 408, `${lying('Content-Length: 9')}x`],
    ['has two lengths', 400, `${lying('Content-Length: 1', 'Content-Length: 2')}xx`],
    ['has a length that is none', 400, `${lying('Content-Length: -1')}xx`],
    [
      'has a length and chunks',
      400,
      `${lying('Content-Length: 1', 'Transfer-Encoding: chunked')}1\r\nx\r\n0\r\n\r\n`,
    ],
    ['has a coding that is none', 400, `${lying('Transfer-Encoding: x')}xx`],
    [
      'has a chunk of another length',
      400,
      `${lying('Transfer-Encoding: chunked')}5\r\nx\r\n0\r\n\r\n`,
    ],
    [
      'has a chunk beyond all bounds',
      400,
      `${lying('Transfer-Encoding: chunked')}fffffffffffffffff\r\n`,
    ],
    ['has more than it announces', 400, `${lying('Content-Length: 9')}not image and more`],
  ] as const) {
    it(`because it ${problem} is answered with ${status}, and the next one is read`, async (t) => {
      const client = await rawClient(t, { port })
      client.socket.write(text)
      await once(client.socket, 'end')
      const statuses = statusesIn(client.answer())
      assert.equal(statuses.at(-1), status)
      assert.ok(statuses.every((one) => one >= 400 && one < 500))
      assert.equal(await read(), 200)
    })
  }

  it('because it ends before its body does is answered with 400', async (t) => {
    const client = await rawClient(t, { port })
    client.socket.end(`${lying('Content-Length: 9')}x`)
    await once(client.socket, 'end')
    assert.deepEqual(statusesIn(client.answer()), [400])
    assert.equal(await read(), 200)
  })
})
