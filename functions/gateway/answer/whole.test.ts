import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { until } from '../../../tests/services/until.ts'
import { createAnswerMemory, shortBytes } from '../../platform/answer-memory.ts'
import type { Exchange } from '../../platform/http.ts'
import { listen } from '../../platform/server.ts'
import { answerWhole } from './whole.ts'

const MiB = 2 ** 20
/** More than the kernel takes in for a client that does not read. */
const large = 32 * MiB
const host = '127.0.0.1'

/** A server of one answer, with room for large ones; it answers a path of `/later` once it is told to. */
async function serve(
  t: TestContext,
  body: string | Uint8Array<ArrayBuffer>,
  options: { limitBytes?: number; answerTimeoutMs?: number } = {},
) {
  const { limitBytes = large, ...limits } = options
  const answers = createAnswerMemory({ limitBytes })
  const later = Promise.withResolvers<void>()
  const fetch = async ({ url }: Request, exchange: Exchange) => {
    if (url.endsWith('/later')) await later.promise
    try {
      const whole = answerWhole(body, { answers, caller: undefined, exchange })
      return new Response(whole.body, { headers: whole.headers })
    } catch (error) {
      return Response.json(error, { status: 429 })
    }
  }
  const describeError = () => ({ contentType: 'text/plain', body: '' })
  const server = { host, port: 0, receiveTimeoutMs: 10_000, describeError, ...limits }
  const { port, close } = await listen({ ...server, fetch })
  t.after(() => close(0))
  const untilFree = () => until(() => answers.heldBytes === 0 || undefined)
  return { port, url: `http://${host}:${port}/`, answers, untilFree, answerLater: later.resolve }
}

const requestOf = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`

/** A client that asks for these and reads nothing. */
function silentClient(t: TestContext, port: number, ...paths: string[]) {
  const socket = connect(port, host)
  t.after(() => socket.destroy())
  socket.on('error', () => undefined)
  socket.write(paths.map(requestOf).join(''))
  return socket
}

describe('a whole answer', () => {
  for (const bytes of [shortBytes, shortBytes + 1, 5 * MiB + 1]) {
    it(`of ${bytes} bytes is sent with its length, and every byte`, async (t) => {
      const { url, untilFree } = await serve(t, new Uint8Array(bytes).fill(120))
      const answer = await fetch(url)
      assert.equal(answer.headers.get('content-length'), String(bytes))
      assert.ok((await answer.text()) === 'x'.repeat(bytes))
      await untilFree()
    })
  }

  it('has the length of its bytes, and not of its characters', async (t) => {
    const text = 'é'.repeat(shortBytes + 1)
    const { url } = await serve(t, text)
    const answer = await fetch(url)
    assert.equal(answer.headers.get('content-length'), String(2 * shortBytes + 2))
    assert.equal(await answer.text(), text)
  })

  it('is counted when it is long, and refused when there is no room for it', async (t) => {
    for (const [bytes, limitBytes, status] of [
      [shortBytes, 1, 200],
      [shortBytes + 1, shortBytes + 1, 200],
      [shortBytes + 1, shortBytes, 429],
    ] as const) {
      const { url } = await serve(t, new Uint8Array(bytes), { limitBytes })
      assert.equal((await fetch(url)).status, status)
    }
  })

  it('holds its room while its client does not take it, and until that has gone', async (t) => {
    const { port, answers, untilFree } = await serve(t, new Uint8Array(large))
    const client = silentClient(t, port, '/')
    await once(client, 'readable')
    await pause(50)
    assert.equal(answers.heldBytes, large)
    client.destroy()
    await untilFree()
  })

  it('does so over HTTP/2', async (t) => {
    const { url, answers, untilFree } = await serve(t, new Uint8Array(large))
    const session = connectHttp2(url)
    t.after(() => session.destroy())
    const request = session.request()
    request.pause()
    await once(request, 'response')
    assert.equal(answers.heldBytes, large)
    request.resume()
    await untilFree()
  })

  it('gives its room back when it is cut off, because nobody takes it', async (t) => {
    const options = { answerTimeoutMs: 100 }
    const { port, answers, untilFree } = await serve(t, new Uint8Array(large), options)
    const client = silentClient(t, port, '/')
    await once(client, 'readable')
    assert.equal(answers.heldBytes, large)
    await untilFree()
  })

  it('gives its room back when it waits behind another one on a connection that has gone', async (t) => {
    const { port, answers, untilFree, answerLater } = await serve(t, new Uint8Array(large))
    const client = silentClient(t, port, '/later', '/')
    await until(() => answers.heldBytes === large || undefined)
    client.destroy()
    await untilFree()
    answerLater()
  })

  it('gives its room back when its client had gone before it was there', async (t) => {
    const { port, answers, untilFree, answerLater } = await serve(t, new Uint8Array(large))
    const client = silentClient(t, port, '/later')
    await once(client, 'connect')
    await pause(50)
    client.destroy()
    await pause(50)
    answerLater()
    await until(() => answers.heldBytes === large || undefined)
    await untilFree()
  })
})
