import assert from 'node:assert/strict'
import { connect as connectHttp2 } from 'node:http2'
import { Readable } from 'node:stream'
import { describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { startEdge } from './fixtures/edge.ts'
import { post, rawClient, sendZeros } from './fixtures/raw-client.ts'
import { joined } from './incoming-body.ts'
import { listen } from './server.ts'

describe('the body of a request', () => {
  it('is left with the client until somebody reads it, and is whole then', async (t) => {
    const start = Promise.withResolvers<void>()
    let taken = () => 0
    const server = await listen({
      host: '127.0.0.1',
      port: 0,
      receiveTimeoutMs: 10_000,
      describeError: ({ message }) => ({ contentType: 'text/plain', body: message }),
      fetch: async (request, { incoming }) => {
        const { socket } = incoming
        taken = () => socket.bytesRead
        await start.promise
        return new Response(`read ${(await request.arrayBuffer()).byteLength}`)
      },
    })
    t.after(() => server.close(0))
    const bytes = 64 * 65_536
    const client = await rawClient(t, server)
    client.socket.write(post('/', `Content-Length: ${bytes}`))
    const sent = sendZeros(client, bytes)
    await pause(100)
    assert.ok(taken() > 0 && taken() < 500_000, `${taken()} bytes were taken`)
    start.resolve()
    await client.until(/read 4194304$/)
    await sent
  })

  it('comes in few pieces however small those are that arrive', async () => {
    const bytes = Array.from({ length: 40_000 }, (_, index) => Buffer.of(index % 256))
    const pieces = await Readable.from(joined(Readable.from(bytes))).toArray()
    assert.equal(pieces.length, 3)
    assert.deepEqual(Buffer.concat(pieces), Buffer.concat(bytes))
  })

  it('passes large pieces on as they are, in their order', async () => {
    const large = Buffer.alloc(20_000)
    const chunks = [Buffer.of(1), large, Buffer.of(2), Buffer.of(3)]
    const pieces = await Readable.from(joined(Readable.from(chunks))).toArray()
    assert.deepEqual(
      pieces.map(({ length }) => length),
      [1, 20_000, 2],
    )
    assert.equal(pieces[1], large)
  })

  it('is not taken for whole when its client breaks it off', async (t) => {
    const edge = await startEdge(t)
    const { socket } = await rawClient(t, edge)
    socket.write(`${post('/read', 'Content-Length: 2')}x`)
    const session = connectHttp2(edge.url)
    t.after(() => session.destroy())
    const stream = session.request({ ':method': 'POST', ':path': '/read' })
    stream.on('error', () => undefined)
    stream.write('x')
    await pause(50)
    socket.destroy()
    stream.destroy(new Error('broken off'))
    while (edge.lines.length < 2) await pause(10)
    for (const { error } of edge.lines) assert.equal(error, 'client_gone')
  })

  it('may not come with a URL that the web does not know', async (t) => {
    const client = await rawClient(t, await startEdge(t))
    const target = 'http://user:password@host/read'
    client.socket.write(`${post(target, 'Content-Length: 2', 'Connection: close')}xx`)
    assert.match(await client.until(/"$/), /^HTTP\/1.1 400 .*not valid/s)
  })

  it('may be missing', async (t) => {
    const { url } = await startEdge(t)
    const response = await fetch(`${url}/read`, { method: 'POST' })
    assert.equal(await response.text(), 'read 0')
  })
})
