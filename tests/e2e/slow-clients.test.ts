import assert from 'node:assert/strict'
import { once } from 'node:events'
import { before, describe, it, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { post, rawClient } from '../../functions/platform/fixtures/raw-client.ts'
import { renderText } from '../documents/render.ts'
import { bytesReadBy, memoryMiB } from '../services/processes.ts'
import { portOf, type Service, settle, startGateway, startModel } from '../services/start.ts'
import { until } from '../services/until.ts'

const MiB = 2 ** 20
const receiveTimeoutMs = 3_000
const slowClients = 500
const honestPerSecond = 20

const rawHeaders = ['Content-Type: image/png', `Content-Length: ${20 * MiB}`]
/** What slow clients begin with, to go on by a byte now and then. */
const beginnings = [
  `${post('/v1/ocr').trimEnd()}\r\nX-Slow: `,
  post('/v1/ocr', ...rawHeaders),
  post('/gateway/ocr', 'Content-Type: multipart/form-data; boundary=b', ...rawHeaders.slice(1)),
  post('/v1/ocr', 'Content-Type: image/png', 'Transfer-Encoding: chunked'),
]

interface Outcome {
  readonly answer: string
  readonly ms: number
}

async function trickle(t: TestContext, gateway: Service, beginning: string): Promise<Outcome> {
  const start = performance.now()
  const { socket, answer } = await rawClient(t, { port: portOf(gateway) })
  const piece = /chunked/.test(beginning) ? '1\r\nx\r\n' : 'x'
  socket.write(beginning)
  const timer = setInterval(() => socket.write(piece), 250)
  await once(socket, 'end')
  clearInterval(timer)
  return { answer: answer(), ms: performance.now() - start }
}

describe('slow clients', () => {
  let image: Buffer<ArrayBuffer>
  before(async () => {
    image = Buffer.from(await (await renderText('Hello')).png().toBuffer())
  })

  async function start(t: TestContext, settings: Record<string, string>): Promise<Service> {
    const model = await startModel()
    t.after(() => model.stop())
    const gateway = await startGateway(model, settings)
    t.after(() => gateway.stop())
    await settle(gateway)
    return gateway
  }

  async function read(gateway: Service): Promise<string> {
    const headers = { 'content-type': 'image/png', accept: 'text/plain' }
    const response = await fetch(`${gateway.url}/v1/ocr`, { method: 'POST', headers, body: image })
    return `${response.status} ${(await response.text()).trim()}`
  }

  it(`are cut off at the deadline, ${slowClients} of them, and keep nobody else from being served`, async (t) => {
    const gateway = await start(t, { OCR_RECEIVE_TIMEOUT_MS: String(receiveTimeoutMs) })
    assert.equal(await read(gateway), '200 Hello')
    const idleMiB = memoryMiB(gateway)
    const slow = Promise.all(
      Array.from({ length: slowClients }, (_, index) =>
        trickle(t, gateway, beginnings[index % beginnings.length] ?? ''),
      ),
    )
    let areCut = false
    const cut = slow.finally(() => {
      areCut = true
    })
    const honest: Array<Promise<string>> = []
    let mostMiB = 0
    while (!areCut) {
      honest.push(read(gateway))
      mostMiB = Math.max(mostMiB, memoryMiB(gateway))
      await pause(1_000 / honestPerSecond)
    }

    assert.ok(honest.length >= honestPerSecond, `${honest.length} honest requests`)
    for (const answer of await Promise.all(honest)) assert.equal(answer, '200 Hello')
    for (const { answer, ms } of await cut) {
      assert.match(answer, /^HTTP\/1.1 408 .*"code":"request_timeout"/s)
      assert.ok(ms >= receiveTimeoutMs - 100 && ms < 3 * receiveTimeoutMs, `${ms} ms`)
    }
    assert.ok(mostMiB - idleMiB < 256, `${Math.round(mostMiB - idleMiB)} MiB more`)
  })

  it('that have sent much hold no more than the memory for uploads', async (t) => {
    const gateway = await start(t, {
      OCR_MAX_UPLOAD_BYTES: String(MiB),
      OCR_UPLOAD_MEMORY_BYTES: String(3 * MiB),
    })
    const before = bytesReadBy(gateway)
    const holding = await Promise.all([1, 2, 3].map(() => rawClient(t, { port: portOf(gateway) })))
    for (const { socket } of holding) {
      socket.write(post('/v1/ocr', 'Content-Type: image/png', `Content-Length: ${MiB}`))
      socket.write(Buffer.alloc(MiB - 50_000))
    }
    await until(() => bytesReadBy(gateway) - before > 3 * (MiB - 50_000) || undefined)
    const headers = { 'content-type': 'image/png' }
    const body = Buffer.alloc(200_000)
    const refused = await fetch(`${gateway.url}/v1/ocr`, { method: 'POST', headers, body })
    assert.equal(refused.status, 429)
    assert.equal(refused.headers.get('retry-after'), '2')
    assert.match(await refused.text(), /"code":"overloaded"/)
    assert.equal(await read(gateway), '200 Hello')
    for (const { socket } of holding) socket.destroy()
    await until(async () => {
      const { status } = await fetch(`${gateway.url}/v1/ocr`, { method: 'POST', headers, body })
      return status === 415 || undefined
    })
  })
})
