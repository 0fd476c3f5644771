import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { describe, it, type TestContext } from 'node:test'
import { startServer } from '../../services/http-server.ts'
import { createClient } from './ask.ts'
import { type Prepared, throughGateway } from './targets.ts'

const sample = { name: 'page', file: Buffer.from('a page') }

/** A request to a server that answers so, and the client for it. */
async function prepare(t: TestContext, listener: RequestListener) {
  const server = await startServer(listener)
  const client = createClient('test')
  const close = async () => {
    client[Symbol.dispose]()
    await server.stop()
  }
  t.after(close)
  const prepared: Prepared = throughGateway({ url: server.origin })(sample)
  return { client, prepared, close }
}

describe('a request of the load', () => {
  it('has an id of its own, which makes its body like no other', async (t) => {
    const bodies: string[] = []
    const { client, prepared } = await prepare(t, async (incoming, outgoing) => {
      let body = ''
      for await (const chunk of incoming) body += chunk
      bodies.push(`${incoming.headers['x-request-id']}: ${body}`)
      outgoing.end()
    })
    const entries = [await client.ask(prepared), await client.ask(prepared)]
    assert.deepEqual(
      bodies,
      entries.map(({ id }) => `${id}: a page${id}`),
    )
    assert.notEqual(entries[0]?.id, entries[1]?.id)
  })

  it('ends with the answer, which is the same whatever times it tells', async (t) => {
    let count = 0
    const { client, prepared } = await prepare(t, (_incoming, outgoing) => {
      const headers = { 'retry-after': '7', 'ocr-error-kind': 'overloaded' }
      outgoing.writeHead(429, headers).end(`{"text":"","timings":{"queueMs":${count++}}}`)
    })
    const [one, other] = [await client.ask(prepared), await client.ask(prepared)]
    assert.deepEqual(one.end, other.end)
    const { digest, ...end } = { digest: '', ...one.end }
    assert.deepEqual(end, {
      outcome: 'answered',
      status: 429,
      kind: 'overloaded',
      retryAfter: '7',
    })
    assert.match(digest, /^[0-9a-f]{40}$/)
  })

  it('ends as cut when it is cut off', async (t) => {
    const leaving = new AbortController()
    const { client, prepared } = await prepare(t, () => leaving.abort())
    const { end } = await client.ask(prepared, { signal: leaving.signal })
    assert.deepEqual(end, { outcome: 'cut' })
  })

  it('is lost when the connection ends before the answer, or in it', async (t) => {
    const { client, prepared } = await prepare(t, (incoming, outgoing) => {
      if (incoming.headers['x-request-id']?.toString().endsWith('1')) outgoing.destroy()
      else outgoing.write('half', () => outgoing.destroy())
    })
    for (let count = 0; count < 2; count++) {
      assert.equal((await client.ask(prepared)).end.outcome, 'lost')
    }
  })

  it('is unconnected when nobody listens', async (t) => {
    const { client, prepared, close } = await prepare(t, () => undefined)
    await close()
    assert.deepEqual((await client.ask(prepared)).end, { outcome: 'unconnected' })
  })
})
