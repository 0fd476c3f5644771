import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, it } from 'node:test'
import { listen } from './server.ts'

const host = '127.0.0.1'
const receiveTimeoutMs = 10_000

describe('listen', () => {
  it('serves on a free port and stops when nothing is under way', async () => {
    const server = await listen({
      host,
      port: 0,
      receiveTimeoutMs,
      fetch: () => new Response('hi'),
    })
    const response = await fetch(`http://${host}:${server.port}/`)
    assert.equal(await response.text(), 'hi')
    await server.close(10_000)
    await assert.rejects(fetch(`http://${host}:${server.port}/`))
  })

  it('rejects when the port is taken', async (t) => {
    const server = await listen({ host, port: 0, receiveTimeoutMs, fetch: () => new Response() })
    t.after(() => server.close(0))
    await assert.rejects(
      listen({ host, port: server.port, receiveTimeoutMs, fetch: () => new Response() }),
      {
        code: 'EADDRINUSE',
      },
    )
  })

  it('lets a request under way finish within the grace', async () => {
    const work = Promise.withResolvers<Response>()
    const server = await listen({ host, port: 0, receiveTimeoutMs, fetch: () => work.promise })
    const answer = fetch(`http://${host}:${server.port}/`)
    await new Promise((resolve) => setTimeout(resolve, 50))
    const closed = server.close(10_000)
    work.resolve(new Response('done', { headers: { connection: 'close' } }))
    assert.equal(await (await answer).text(), 'done')
    await closed
  })

  it('cuts a request off after the grace, which aborts its work', async () => {
    const aborted = Promise.withResolvers<void>()
    const server = await listen({
      host,
      port: 0,
      receiveTimeoutMs,
      fetch: (request) =>
        new Promise<Response>(() => {
          request.signal.addEventListener('abort', () => aborted.resolve())
        }),
    })
    const answer = fetch(`http://${host}:${server.port}/`)
    answer.catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, 50))
    await server.close(20)
    await aborted.promise
    await assert.rejects(answer)
  })

  for (const [what, sent] of [
    ['headers', 'POST / HTTP/1.1\r\nHost: x\r\n'],
    ['body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx'],
  ] as const) {
    it(`cuts off a client that trickles its ${what}`, async (t) => {
      const server = await listen({
        host,
        port: 0,
        receiveTimeoutMs: 200,
        fetch: async (request) => new Response(await request.text()),
      })
      t.after(() => server.close(0))
      const socket = connect(server.port, host)
      socket.write(sent)
      const [answer] = await once(socket, 'data')
      assert.match(String(answer), /^HTTP\/1.1 408/)
    })
  }
})
