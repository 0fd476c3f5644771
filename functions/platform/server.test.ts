import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { connect, type Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { pino } from 'pino'
import { observerFor } from './fixtures/observer.ts'
import { createEdge } from './http.ts'
import { listen, type RunningServer } from './server.ts'

const host = '127.0.0.1'
type Fetch = (request: Request) => Response | Promise<Response>

function start(
  fetch: Fetch,
  change: { port?: number; receiveTimeoutMs?: number; idleTimeoutMs?: number } = {},
) {
  return listen({
    host,
    port: 0,
    receiveTimeoutMs: 10_000,
    fetch,
    describeError: ({ message }) => ({ contentType: 'application/json', body: { says: message } }),
    ...change,
  })
}

async function startFor(t: TestContext, ...args: Parameters<typeof start>): Promise<RunningServer> {
  const server = await start(...args)
  t.after(() => server.close(0))
  return server
}

const urlOf = ({ port }: RunningServer) => `http://${host}:${port}/`
const echo: Fetch = async (request) => new Response(`${request.method} ${await request.text()}`)

/** One request over HTTP/2 with prior knowledge. */
async function requestHttp2(server: RunningServer, body: string | Buffer = ''): Promise<string> {
  const session = connectHttp2(urlOf(server))
  const stream = session.request({ ':method': 'POST', ':path': '/' })
  stream.end(body)
  const text = Buffer.concat(await stream.toArray()).toString()
  session.close()
  return text
}

/** Everything that is answered to some bytes, until the server closes the connection. */
async function answerTo(server: RunningServer, ...parts: string[]): Promise<string> {
  const socket = connect(server.port, host)
  for (const part of parts) {
    socket.write(part, 'latin1')
    await pause(10)
  }
  return Buffer.concat(await socket.toArray()).toString()
}

describe('listen', () => {
  it('serves on a free port and stops when nothing is under way', async () => {
    const server = await start(() => new Response('hi'))
    const response = await fetch(urlOf(server))
    assert.equal(await response.text(), 'hi')
    await server.close(10_000)
    await assert.rejects(fetch(urlOf(server)))
  })

  it('rejects when the port is taken', async (t) => {
    const { port } = await startFor(t, echo)
    await assert.rejects(start(echo, { port }), { code: 'EADDRINUSE' })
  })

  it('lets a request under way finish within the grace', async () => {
    const work = Promise.withResolvers<Response>()
    const server = await start(() => work.promise)
    const answer = fetch(urlOf(server))
    await pause(50)
    const closed = server.close(10_000)
    work.resolve(new Response('done', { headers: { connection: 'close' } }))
    assert.equal(await (await answer).text(), 'done')
    await closed
  })

  it('cuts a request off after the grace, which aborts its work', async () => {
    const aborted = Promise.withResolvers<void>()
    const server = await start(
      ({ signal }) => new Promise(() => signal.addEventListener('abort', () => aborted.resolve())),
    )
    const answer = fetch(urlOf(server))
    answer.catch(() => undefined)
    await pause(50)
    await server.close(20)
    await aborted.promise
    await assert.rejects(answer)
  })

  for (const [what, sent] of [
    ['headers', 'POST / HTTP/1.1\r\nHost: x\r\n'],
    ['body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx'],
  ] as const) {
    it(`cuts off a client that trickles its ${what}, and says why`, async (t) => {
      const answer = await answerTo(await startFor(t, echo, { receiveTimeoutMs: 200 }), sent)
      assert.match(answer, /^HTTP\/1.1 408 .*ocr-error-kind: request_timeout.*\{"says":/s)
    })
  }

  for (const [what, sent, answer] of [
    ['no HTTP', 'hello\r\n\r\n', /^HTTP\/1.1 400 .*ocr-error-kind: invalid_request.*"not valid/s],
    ['no host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', /^HTTP\/1.1 400 .*"says":/s],
    [
      'an expectation that nobody has',
      'GET /x HTTP/1.1\r\nHost: x\r\nExpect: more\r\nConnection: close\r\n\r\n',
      /^HTTP\/1.1 200 .*GET /s,
    ],
    ['CONNECT', 'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n', /^HTTP\/1.1 405 .*"says":/s],
    [
      'a host that is none',
      'GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n',
      /^HTTP\/1.1 400 .*"says":/s,
    ],
    [
      'headers of 20 KB',
      `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      /^HTTP\/1.1 431 .*ocr-error-kind: headers_too_large/s,
    ],
  ] as const) {
    it(`answers ${what} itself`, async (t) => {
      const text = (await answerTo(await startFor(t, echo), sent)).replace('The request is ', '"')
      assert.match(text, answer)
    })
  }
})

describe('one port for two protocols', () => {
  it('serves HTTP/1.1 and HTTP/2 side by side', async (t) => {
    const server = await startFor(t, echo)
    const body = 'x'.repeat(3_000_000)
    const answers = await Promise.all(
      Array.from({ length: 10 }, async (_, index) =>
        index % 2 === 0
          ? requestHttp2(server, body)
          : (await fetch(urlOf(server), { method: 'POST', body })).text(),
      ),
    )
    for (const answer of answers) assert.equal(answer, `POST ${body}`)
  })

  for (const method of ['PUT', 'PROPFIND', 'PATCH']) {
    it(`takes ${method} for HTTP/1.1, although HTTP/2 begins with the same letter`, async (t) => {
      const request = `${method} / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`
      const parts = [request.slice(0, 1), request.slice(1, 2), request.slice(2)]
      assert.match(await answerTo(await startFor(t, echo), ...parts), new RegExp(`${method} $`))
    })
  }

  it("takes HTTP/2's preface in pieces", async (t) => {
    const { port } = await startFor(t, echo)
    const socket = connect(port, host)
    for (const part of ['PR', 'I * HTTP/2.0\r\n\r', '\nSM\r\n\r\n']) {
      socket.write(part)
      await pause(10)
    }
    socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]))
    const [answer] = await once(socket, 'data')
    assert.equal(answer[3], 4, 'a SETTINGS frame')
    socket.destroy()
  })

  it('answers a client that closes its side after the request', async (t) => {
    const { port } = await startFor(t, echo)
    const socket = connect({ port, host, allowHalfOpen: true })
    socket.end('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    assert.match(Buffer.concat(await socket.toArray()).toString(), /^HTTP\/1.1 200 .*GET $/s)
  })

  it('closes a connection that says nothing, or too little, when its time is over', async (t) => {
    const server = await startFor(t, echo, { receiveTimeoutMs: 100 })
    assert.equal(await answerTo(server), '')
    assert.equal(await answerTo(server, 'PR'), '')
  })

  it('survives clients that close or reset at once', async (t) => {
    const server = await startFor(t, echo)
    const closings: Array<(socket: Socket) => void> = [
      (socket) => socket.end(),
      (socket) => socket.end('P'),
      (socket) => socket.resetAndDestroy(),
      (socket) => socket.write('PRI', () => socket.resetAndDestroy()),
      (socket) => socket.write('GET', () => socket.resetAndDestroy()),
    ]
    for (const close of closings) {
      const socket = connect(server.port, host, () => close(socket))
      socket.resume()
      await once(socket, 'close')
    }
    assert.equal(await requestHttp2(server), 'POST ')
  })

  it('tells the work over HTTP/2 when its client has gone', async (t) => {
    const aborted = Promise.withResolvers<void>()
    const started = Promise.withResolvers<void>()
    const server = await startFor(t, ({ signal }) => {
      signal.addEventListener('abort', () => aborted.resolve())
      started.resolve()
      return new Promise(() => undefined)
    })
    const socket = connect(server.port, host)
    const session = connectHttp2(urlOf(server), { createConnection: () => socket })
    session.on('error', () => undefined)
    session.request().on('error', () => undefined)
    await started.promise
    socket.destroy()
    await aborted.promise
  })

  it('answers a request over HTTP/2 that takes too long to arrive with 408', async (t) => {
    const server = await startFor(t, echo, { receiveTimeoutMs: 100 })
    const session = connectHttp2(urlOf(server))
    t.after(() => session.destroy())
    const slow = session.request({ ':method': 'POST', ':path': '/' })
    slow.write('x')
    const [headers] = await once(slow, 'response')
    assert.equal(headers[':status'], 408)
    assert.match(
      Buffer.concat(await slow.toArray()).toString(),
      /"says":"The request took too long/,
    )
    const quick = session.request({ ':method': 'GET', ':path': '/' })
    assert.equal(Buffer.concat(await quick.toArray()).toString(), 'GET ')
  })

  it('limits a request over HTTP/2 that expects something', async (t) => {
    const server = await startFor(t, echo, { receiveTimeoutMs: 100 })
    const session = connectHttp2(urlOf(server))
    t.after(() => session.destroy())
    const slow = session.request({ ':method': 'POST', ':path': '/', expect: 'more' })
    slow.write('x')
    const [headers] = await once(slow.resume(), 'response')
    assert.equal(headers[':status'], 408)
  })

  it('cancels a request over HTTP/2 that nobody reads when its time is over', async (t) => {
    const server = await startFor(t, () => new Promise(() => undefined), { receiveTimeoutMs: 50 })
    const session = connectHttp2(urlOf(server))
    t.after(() => session.destroy())
    const slow = session.request({ ':method': 'POST', ':path': '/' })
    slow.on('error', () => undefined)
    slow.write('x')
    await once(slow.resume(), 'close')
    assert.equal(slow.rstCode, 8)
  })

  it('gives the answer to a refused upload over HTTP/2 without a reset', async (t) => {
    const log = pino({ level: 'silent' })
    const app = createEdge({
      log,
      observer: observerFor(log),
      isDraining: () => false,
      describeError: ({ message }) => ({ contentType: 'text/plain', body: message }),
    })
    const server = await startFor(t, app.fetch)
    const session = connectHttp2(urlOf(server))
    t.after(() => session.destroy())
    const stream = session.request({ ':method': 'POST', ':path': '/' })
    const answer = once(stream, 'response')
    for (let count = 0; count < 10; count++) {
      stream.write(Buffer.alloc(100_000))
      await pause(1)
    }
    stream.end()
    const [headers] = await answer
    await once(stream.resume(), 'close')
    assert.deepEqual([headers[':status'], stream.rstCode], [404, 0])
  })

  it('does not wait for connections that say what they are only when it stops', async () => {
    const server = await start(echo)
    const silent = connect(server.port, host)
    await once(silent, 'connect')
    await pause(20)
    const began = performance.now()
    await server.close(20_000)
    assert.ok(performance.now() - began < 2_000)
    silent.destroy()
  })

  it('lets a request over HTTP/2 finish while it stops, and cuts it off after the grace', async () => {
    const work = Promise.withResolvers<Response>()
    const server = await start(({ method }) =>
      method === 'GET' ? work.promise : new Promise(() => undefined),
    )
    const session = connectHttp2(urlOf(server))
    session.on('error', () => undefined)
    const finishing = session.request({ ':method': 'GET', ':path': '/' })
    const hanging = session.request({ ':method': 'PUT', ':path': '/' }, { endStream: true })
    hanging.on('error', () => undefined)
    await pause(50)
    const closed = server.close(200)
    work.resolve(new Response('done'))
    assert.equal(Buffer.concat(await finishing.toArray()).toString(), 'done')
    await once(hanging, 'close')
    await closed
  })
  it('cuts a connection over HTTP/2 off that its client leaves open', async () => {
    const server = await start(() => new Promise(() => undefined))
    const socket = connect({ port: server.port, host, allowHalfOpen: true })
    const session = connectHttp2(urlOf(server), { createConnection: () => socket })
    session.on('error', () => undefined)
    const hanging = session.request({ ':method': 'GET', ':path': '/' })
    hanging.on('error', () => undefined)
    await pause(50)
    // Nothing is read any more, and so nothing is answered to what the server says.
    socket.pause()
    await server.close(50)
    session.destroy()
  })
})
