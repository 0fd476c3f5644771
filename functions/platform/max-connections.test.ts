import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type ClientHttp2Session, connect as connectHttp2, constants } from 'node:http2'
import { describe, it, type TestContext } from 'node:test'
import { startEdge, type TestEdge } from './fixtures/edge.ts'
import { post, type RawClient, rawClient } from './fixtures/raw-client.ts'

const maxConnections = 2
const trickling = post('/read', 'Content-Length: 2')

/** Connects again and again, because a place is free only when the server knows that a connection has ended. */
async function served(t: TestContext, edge: TestEdge): Promise<RawClient> {
  for (;;) {
    const client = await rawClient(t, edge)
    client.socket.write(post('/read', 'Content-Length: 0'))
    const closed = once(
      client.socket.once('end', () => client.socket.end()),
      'close',
    )
    await Promise.race([client.until(/read 0$/), closed.catch(() => undefined)])
    if (client.answer()) return client
  }
}

async function session(t: TestContext, { url }: TestEdge): Promise<ClientHttp2Session> {
  const opened = connectHttp2(url)
  t.after(() => opened.destroy())
  opened.on('error', () => undefined)
  await Promise.race([once(opened, 'remoteSettings'), once(opened, 'close')])
  return opened
}

const open = (from: ClientHttp2Session) =>
  from
    .request({ ':method': 'POST', ':path': '/read', expect: '100-continue' })
    .on('error', () => undefined)

/** A request that the server has begun to read. */
async function openAndRead(from: ClientHttp2Session) {
  const stream = open(from)
  await once(stream, 'continue')
  return stream
}

describe('connections', () => {
  it('are served up to the limit, and one more is closed without an answer', async (t) => {
    const edge = await startEdge(t, { maxConnections })
    const first = await rawClient(t, edge)
    const second = await rawClient(t, edge)
    for (const { socket } of [first, second]) socket.write(trickling)
    const third = await rawClient(t, edge)
    await once(third.socket, 'end')
    assert.equal(third.answer(), '')
    assert.deepEqual(edge.refused, ['dropped'])
    for (const client of [first, second]) {
      client.socket.write('xx')
      await client.until(/read 2$/)
    }
    first.socket.destroy()
    await served(t, edge)
  })

  it('are counted with those of HTTP/2', async (t) => {
    const edge = await startEdge(t, { maxConnections })
    const first = await session(t, edge)
    const second = await rawClient(t, edge)
    second.socket.write(trickling)
    assert.equal((await session(t, edge)).closed, true)
    assert.equal(first.closed, false)
    first.destroy()
    await served(t, edge)
  })

  it('that are only kept open make room', async (t) => {
    const edge = await startEdge(t, { maxConnections: 1 })
    const idle = await rawClient(t, edge)
    idle.socket.write(`${trickling}xx`)
    await idle.until(/read 2$/)
    const ended = once(idle.socket, 'end')
    await served(t, edge)
    await ended
  })
})

describe('requests that follow on a connection before the first is answered', () => {
  const followOn = async (t: TestContext, count: number) => {
    const edge = await startEdge(t)
    const client = await rawClient(t, edge)
    client.socket.write(post('/read', 'Content-Length: 0').repeat(count))
    return { ...edge, client }
  }

  it('are answered up to 16', async (t) => {
    const { client, refused } = await followOn(t, 16)
    const answers = await client.until(/(?:read 0[\s\S]*){16}$/)
    assert.equal(answers.match(/200 OK/g)?.length, 16)
    assert.deepEqual(refused, [])
  })

  it('end the connection when there are more', async (t) => {
    const { client, refused } = await followOn(t, 1_000)
    await Promise.race(['end', 'close'].map((event) => once(client.socket, event)))
    assert.deepEqual([client.answer(), refused], ['', ['overloaded']])
  })
})

describe('requests over HTTP/2', () => {
  it('are served up to the limit over all connections, and one more is refused unprocessed', async (t) => {
    const edge = await startEdge(t, { maxConnections })
    const [one, two] = [await session(t, edge), await session(t, edge)]
    const first = await openAndRead(one)
    await openAndRead(two)
    const third = open(two)
    await assert.rejects(once(third, 'continue'), { code: 'ERR_HTTP2_STREAM_ERROR' })
    assert.equal(third.rstCode, constants.NGHTTP2_REFUSED_STREAM)
    assert.deepEqual(edge.refused, ['overloaded'])
    first.end('x')
    assert.equal(Buffer.concat(await first.toArray()).toString(), 'read 1')
    const fourth = (await openAndRead(two)).end('xx')
    assert.equal(Buffer.concat(await fourth.toArray()).toString(), 'read 2')
  })
})
