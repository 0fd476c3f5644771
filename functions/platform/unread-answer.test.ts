import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { listen } from './server.ts'

const host = '127.0.0.1'
const answerTimeoutMs = 300
const MiB = 2 ** 20
const large = 'x'.repeat(32 * MiB)

interface Answer {
  readonly response: Response
  /** How often somebody was told that the rest is not wanted. */
  readonly cancelled: () => number
}

/** Pieces without end, after each of which the service is silent for so long. */
function stream(piece: string, silentMs: number, count = Number.POSITIVE_INFINITY): Answer {
  let cancelled = 0
  let sent = 0
  const body = new ReadableStream({
    async pull(controller) {
      if (++sent > count) return controller.close()
      controller.enqueue(Buffer.from(piece))
      await pause(silentMs)
    },
    cancel() {
      cancelled++
    },
  })
  return { response: new Response(body), cancelled: () => cancelled }
}

async function serve(t: TestContext, response: Response): Promise<number> {
  const describeError = () => ({ contentType: 'text/plain', body: '' })
  const options = { host, port: 0, receiveTimeoutMs: 10_000, answerTimeoutMs, describeError }
  const { port, close } = await listen({ ...options, fetch: () => response })
  t.after(() => close(0))
  return port
}

/** A client that has asked and reads nothing until it is told to; by either protocol. */
const clients: Readonly<Record<string, (t: TestContext, port: number) => Duplex>> = {
  'HTTP/1.1': (t, port) => {
    const socket = connect(port, host)
    t.after(() => socket.destroy())
    socket.on('error', () => undefined)
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    socket.pause()
    return socket
  },
  'HTTP/2': (t, port) => {
    const session = connectHttp2(`http://${host}:${port}/`)
    t.after(() => session.destroy())
    session.on('error', () => undefined)
    const request = session.request()
    request.on('error', () => undefined)
    request.pause()
    return request
  },
}

/** A client that takes nothing and is never silent; resolves to how long it is let go on. */
const busyClients: Readonly<Record<string, (t: TestContext, port: number) => Promise<number>>> = {
  async 'HTTP/1.1'(t, port) {
    const socket = connect(port, host)
    const start = performance.now()
    const timer = setInterval(() => socket.write('\r\n'), answerTimeoutMs / 6)
    t.after(() => socket.destroy())
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    socket.pause()
    // What cannot be sent any more tells that the other end has gone.
    await once(socket, 'error')
    clearInterval(timer)
    return performance.now() - start
  },
  async 'HTTP/2'(t, port) {
    const settings = { initialWindowSize: 0 }
    const session = connectHttp2(`http://${host}:${port}/`, { settings })
    const start = performance.now()
    const timer = setInterval(() => session.ping(() => undefined), answerTimeoutMs / 6)
    t.after(() => session.destroy())
    const request = session.request()
    await once(request, 'close')
    clearInterval(timer)
    return performance.now() - start
  },
}

/** Takes what is there now and then, until the service ends it or enough has come. */
async function readSlowly(answer: Duplex, everyMs: number, enough: number): Promise<number> {
  let taken = 0
  while (taken < enough && !answer.closed) {
    await pause(everyMs)
    taken += (answer.read(64 * 1024) ?? answer.read())?.length ?? 0
  }
  return taken
}

describe('an answer that its client does not take', () => {
  for (const [protocol, ask] of Object.entries(clients)) {
    it(`is cut off over ${protocol} when it is whole`, async (t) => {
      const answer = ask(t, await serve(t, new Response(large)))
      const start = performance.now()
      // A connection that is reset is only seen by who reads.
      await Promise.race([once(answer, 'close'), pause(10 * answerTimeoutMs)])
      assert.ok(performance.now() - start >= answerTimeoutMs - 10)
      const taken = await readSlowly(answer, 1, large.length)
      assert.ok(taken < large.length, `${taken} bytes were sent`)
      assert.ok(answer.closed)
    })

    it(`is cut off over ${protocol} whatever else its client does`, async (t) => {
      const { response, cancelled } = stream('x'.repeat(64 * 1024), 0)
      const ms = await busyClients[protocol]?.(t, await serve(t, response))
      assert.ok(ms && ms > answerTimeoutMs, `${ms} ms`)
      assert.equal(cancelled(), 1)
    })

    it(`is cut off over ${protocol} when it never ends, which its maker is told once`, async (t) => {
      const { response, cancelled } = stream('x'.repeat(MiB), 0)
      ask(t, await serve(t, response))
      for (let tries = 0; cancelled() === 0 && tries < 100; tries++) await pause(50)
      assert.equal(cancelled(), 1)
    })

    it(`goes on over ${protocol} while it is taken slowly`, async (t) => {
      const client = ask(t, await serve(t, new Response(large.slice(0, 8 * MiB))))
      const taken = await readSlowly(client, answerTimeoutMs / 6, 2 * MiB)
      assert.ok(taken >= 2 * MiB)
    })

    it(`goes on over ${protocol} while the service is silent`, async (t) => {
      const { response, cancelled } = stream('line\n', 3 * answerTimeoutMs, 3)
      const answer = ask(t, await serve(t, response))
      let text = ''
      answer.on('data', (data: Buffer) => {
        text += data
      })
      answer.resume()
      for (let tries = 0; text.split('line').length < 4 && tries < 100; tries++) await pause(50)
      assert.equal(text.split('line').length, 4)
      assert.equal(cancelled(), 0)
    })
  }
})
