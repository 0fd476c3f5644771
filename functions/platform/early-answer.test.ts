import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { Readable } from 'node:stream'
import { describe, it } from 'node:test'
import { readLimit, startEdge } from './fixtures/edge.ts'
import { post, rawClient, sendZeros } from './fixtures/raw-client.ts'

const MiB = 2 ** 20
/** As in http.ts. */
const maxDiscardBytes = 64 * 1024
const uploadBytes = 20 * MiB

// A connection takes a second to end.
const concurrency = true

describe('an answer that is there before the body', { concurrency }, () => {
  for (const [what, path, header, answer] of [
    [
      'an announced body',
      '/refuse',
      `Content-Length: ${uploadBytes}`,
      /^HTTP\/1.1 401 .*"Show a key."$/s,
    ],
    [
      'a body in chunks',
      '/refuse',
      'Transfer-Encoding: chunked',
      /^HTTP\/1.1 401 .*"Show a key."$/s,
    ],
    [
      'an unknown path',
      '/nowhere',
      `Content-Length: ${uploadBytes}`,
      /^HTTP\/1.1 404 .*no \/nowhere/s,
    ],
    [
      'too long a body',
      '/read',
      `Content-Length: ${uploadBytes}`,
      /^HTTP\/1.1 413 .*has more than/s,
    ],
  ] as const) {
    it(`ends the connection to ${what} when less than 1 MiB has been taken`, async (t) => {
      const edge = await startEdge(t)
      const client = await rawClient(t, edge)
      client.socket.write(post(path, header))
      const ended = once(client.socket, 'end')
      const sent = sendZeros(client, uploadBytes, { isChunked: header.includes('chunked') })
      await ended
      assert.match(client.answer(), answer)
      assert.match(client.answer(), /^Connection: close\r$/im)
      await sent
      assert.ok(client.socket.destroyed, 'the connection is closed before all is sent')
      const taken = edge.taken()
      assert.ok(taken > 0 && taken < MiB, `${taken} bytes were taken`)
    })
  }

  it('leaves what is beyond the limit when no length was announced', async (t) => {
    const edge = await startEdge(t)
    const client = await rawClient(t, edge)
    client.socket.write(post('/read', 'Transfer-Encoding: chunked'))
    const ended = once(client.socket, 'end')
    await sendZeros(client, uploadBytes, { isChunked: true })
    await ended
    assert.match(client.answer(), /^HTTP\/1.1 413 /)
    assert.ok(edge.taken() < readLimit + MiB, `${edge.taken()} bytes were taken`)
  })

  it('is seen by a client that sends and reads side by side', async (t) => {
    const { url } = await startEdge(t)
    for (let count = 0; count < 10; count++) {
      const response = await fetch(`${url}/refuse`, {
        method: 'POST',
        body: Buffer.alloc(uploadBytes),
      })
      assert.equal(response.status, 401)
      assert.equal(await response.text(), '"Show a key."')
    }
  })

  it('is at once when the body may not be taken in, and else waits for it and keeps the connection', async (t) => {
    const edge = await startEdge(t)
    const short = await rawClient(t, edge)
    short.socket.write(post('/refuse', `Content-Length: ${maxDiscardBytes}`))
    const long = await rawClient(t, edge)
    long.socket.write(post('/refuse', `Content-Length: ${maxDiscardBytes + 1}`))
    assert.match(await long.until(/"Show a key."/), /^Connection: close\r$/im)
    assert.equal(short.answer(), '')
    short.socket.write('x'.repeat(maxDiscardBytes))
    assert.match(await short.until(/"Show a key."/), /^Connection: keep-alive\r$/im)
    short.socket.write(`${post('/read', 'Content-Length: 2', 'Connection: close')}xx`)
    await short.until(/read 2$/)
  })

  it('keeps the connection when a body without a length has arrived as well', async (t) => {
    const client = await rawClient(t, await startEdge(t))
    const refused = `${post('/refuse', 'Transfer-Encoding: chunked')}2\r\nxx\r\n0\r\n\r\n`
    client.socket.write(`${refused + post('/read', 'Content-Length: 2')}xx`)
    assert.match(await client.until(/read 2$/), /401 .*^Connection: keep-alive\r$/ims)
  })

  it('to what is no request is seen by a client that goes on sending', async (t) => {
    const edge = await startEdge(t)
    const requests = [
      [`GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}`, /^HTTP\/1.1 431 /],
      [post('/read', 'Content-Length: 5', 'Transfer-Encoding: chunked'), /^HTTP\/1.1 400 /],
      ['CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n', /^HTTP\/1.1 405 /],
      [
        post('/read', 'Host: a b', `Content-Length: ${uploadBytes}`).replace('Host: x\r\n', ''),
        /^HTTP\/1.1 400 /,
      ],
    ] as const
    const sendAll = async ([start, answer]: (typeof requests)[number]) => {
      const client = await rawClient(t, edge)
      client.socket.write(start)
      const ended = once(client.socket, 'end')
      await Promise.all([sendZeros(client, uploadBytes), ended])
      assert.match(client.answer(), answer)
      assert.ok(client.socket.destroyed)
    }
    await Promise.all(requests.map(sendAll))
  })
})

describe('an answer over HTTP/2 that is there before the body', () => {
  it('is not overtaken by a reset, and the rest of the body is never sent', async (t) => {
    const { url } = await startEdge(t)
    const session = connectHttp2(url)
    t.after(() => session.destroy())
    const upload = async (path: string) => {
      const stream = session.request({
        ':method': 'POST',
        ':path': path,
        'content-length': uploadBytes,
      })
      const zeros = Array.from({ length: uploadBytes / MiB }, () => Buffer.alloc(MiB))
      Readable.from(zeros).pipe(stream)
      const [headers] = await once(stream, 'response')
      assert.ok(Number(headers[':status']) > 400)
      assert.match(Buffer.concat(await stream.toArray()).toString(), /"$/)
      await once(stream, 'close')
      assert.equal(stream.rstCode, 0)
    }
    await Promise.all(['/refuse', '/nowhere', '/read'].map(upload))
    const sent = session.socket.bytesWritten
    assert.ok(sent < 3 * MiB, `${sent} bytes were sent in three requests`)
    const next = session.request({ ':method': 'POST', ':path': '/read' }).end('xx')
    assert.equal(Buffer.concat(await next.toArray()).toString(), 'read 2')
  })
})

describe('a client that asks whether to send its body', () => {
  it('is told to go on when somebody reads it', async (t) => {
    const client = await rawClient(t, await startEdge(t))
    client.socket.write(post('/read', 'Content-Length: 2', 'Expect: 100-continue'))
    assert.equal(await client.until(/\r\n\r\n/), 'HTTP/1.1 100 Continue\r\n\r\n')
    client.socket.write('xx')
    await client.until(/read 2$/)
  })

  it('is refused without being told to go on, however short the body', async (t) => {
    const client = await rawClient(t, await startEdge(t))
    const ended = once(client.socket, 'end')
    client.socket.write(post('/refuse', 'Content-Length: 2', 'Expect: 100-continue'))
    await ended
    assert.match(client.answer(), /^HTTP\/1.1 401 .*^Connection: close\r$/ims)
  })

  it('is answered likewise over HTTP/2', async (t) => {
    const { url } = await startEdge(t)
    const session = connectHttp2(url)
    t.after(() => session.destroy())
    const request = (path: string) =>
      session.request({ ':method': 'POST', ':path': path, expect: '100-continue' })
    const refused = request('/refuse')
    refused.once('continue', () => assert.fail('it was told to go on'))
    const [headers] = await once(refused, 'response')
    assert.equal(headers[':status'], 401)
    refused.end()
    const read = request('/read')
    await once(read, 'continue')
    read.end('xx')
    assert.equal(Buffer.concat(await read.toArray()).toString(), 'read 2')
  })
})
