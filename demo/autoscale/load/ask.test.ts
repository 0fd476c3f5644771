import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { startServer } from '../../../tests/services/http-server.ts'
import type { Answer } from '../recording.ts'
import { createClient, type Target } from './ask.ts'

const never = new AbortController().signal
const clock = () => performance.now() / 1_000

async function askOnce(
  listener: RequestListener,
  { signal = never, ...changes }: Partial<Target> & { signal?: AbortSignal } = {},
): Promise<Answer | undefined> {
  await using server = await startServer(listener)
  const target = {
    url: new URL(`${server.origin}/v1/ocr`),
    headers: {},
    image: Buffer.from('image'),
    timeoutMs: 10_000,
    ...changes,
  }
  await using client = createClient(target, clock, signal)
  return await client.ask()
}

const endOf = async (status: number, headers: Record<string, string> = {}) => {
  const answer = await askOnce((_, response) => response.writeHead(status, headers).end('text'))
  return [answer?.outcome, answer?.why]
}

describe('a request', () => {
  it('posts the image with its headers, Host among them', async () => {
    let seen: unknown
    const answer = await askOnce(
      async (request, response) => {
        const { host, authorization } = request.headers
        const body = (await buffer(request)).toString()
        seen = { method: request.method, path: request.url, host, authorization, body }
        response.end('{}')
      },
      { headers: { host: 'ocr.example.org', authorization: 'Bearer key' } },
    )
    assert.equal(answer?.outcome, 'read')
    assert.deepEqual(seen, {
      method: 'POST',
      path: '/v1/ocr',
      host: 'ocr.example.org',
      authorization: 'Bearer key',
      body: 'image',
    })
  })

  it('is refused where it is told when to come again', async () => {
    assert.deepEqual(await endOf(429, { 'retry-after': '1' }), ['refused', undefined])
    assert.deepEqual(await endOf(503, { 'retry-after': '1' }), ['refused', undefined])
  })

  it('has failed by any other status, and tells it', async () => {
    assert.deepEqual(await endOf(503), ['failed', 'status 503'])
    assert.deepEqual(await endOf(429), ['failed', 'status 429'])
    assert.deepEqual(await endOf(500, { 'retry-after': '1' }), ['failed', 'status 500'])
    assert.deepEqual(await endOf(202), ['failed', 'status 202'])
  })

  it('has failed when no answer comes in time', async () => {
    const answer = await askOnce(() => undefined, { timeoutMs: 50 })
    assert.deepEqual([answer?.outcome, answer?.why], ['failed', 'no answer in time'])
  })

  it('has failed when the answer stops in the middle', async () => {
    const answer = await askOnce((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half')
      setTimeout(() => response.destroy(), 20)
    })
    assert.equal(answer?.outcome, 'failed')
    assert.match(answer?.why ?? '', /^[A-Z_]+$/)
  })

  it('has failed when nobody listens', async () => {
    const answer = await askOnce(() => undefined, { url: new URL('http://127.0.0.1:1/') })
    assert.deepEqual([answer?.outcome, answer?.why], ['failed', 'ECONNREFUSED'])
  })

  it('has no end when it is cut off by ourselves', async () => {
    const stopping = new AbortController()
    const answer = await askOnce(() => stopping.abort(), { signal: stopping.signal })
    assert.equal(answer, undefined)
  })
})
