import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { connect } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { startServer } from '../../../tests/services/http-server.ts'
import { rawClient } from '../fixtures/raw-client.ts'
import { maxConnections, serveMetrics } from './metrics-server.ts'

const host = '127.0.0.1'

async function serve(
  t: TestContext,
  options: { read?: () => Promise<string>; timeoutMs?: number } = {},
) {
  const server = await serveMetrics({
    host,
    port: 0,
    read: async () => 'ocr_pages 1\n',
    ...options,
  })
  t.after(server.close)
  const url = `http://${host}:${server.port}/metrics`
  return { ...server, url }
}

/** Resolves when the server has closed a connection. */
async function untilClosed(socket: ReturnType<typeof connect>): Promise<void> {
  socket.on('error', () => undefined)
  socket.resume()
  if (!socket.closed) await once(socket, 'close')
}

describe('the server of metrics', () => {
  it('answers GET /metrics with the text for Prometheus', async (t) => {
    const { url } = await serve(t)
    const response = await fetch(url)
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8')
    assert.equal(await response.text(), 'ocr_pages 1\n')
    assert.equal((await fetch(`${url}?name=x`)).status, 200)
  })

  it('has no other path', async (t) => {
    const { url } = await serve(t)
    for (const path of ['/', '/metrics/', '/metrics/x', '/livez', '/v1/ocr']) {
      const response = await fetch(new URL(path, url))
      assert.equal(response.status, 404, path)
      assert.equal(await response.text(), '')
    }
  })

  it('takes no other method', async (t) => {
    const { url } = await serve(t)
    for (const method of ['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS']) {
      const response = await fetch(url, { method })
      assert.equal(response.status, 405, method)
      assert.equal(response.headers.get('allow'), 'GET')
    }
  })

  it('answers 500 without a word when metrics cannot be had, and goes on', async (t) => {
    let isBroken = true
    const { url } = await serve(t, {
      read: async () => {
        if (isBroken) throw new Error('/secret/path')
        return 'ocr_pages 1\n'
      },
    })
    const response = await fetch(url)
    assert.equal(response.status, 500)
    assert.equal(await response.text(), '')
    isBroken = false
    assert.equal((await fetch(url)).status, 200)
  })

  it('rejects when its port is taken', async () => {
    await using other = await startServer(() => undefined, host)
    const { port } = other
    await assert.rejects(serveMetrics({ host, port, read: async () => '' }), { code: 'EADDRINUSE' })
  })

  it(`has ${maxConnections} connections and closes one more as soon as it is open`, async (t) => {
    const { port, url } = await serve(t)
    const clients = await Promise.all(
      Array.from({ length: maxConnections }, () => rawClient(t, { port })),
    )
    const [client] = clients
    client?.socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n')
    await client?.until(/ocr_pages 1/)
    const beyond = connect(port, host)
    await untilClosed(beyond)
    assert.equal(beyond.bytesRead, 0)
    client?.socket.destroy()
    await once(client?.socket ?? beyond, 'close')
    assert.equal((await fetch(url)).status, 200)
  })

  it('cuts off a client that is slow to send its headers', async (t) => {
    const { port } = await serve(t, { timeoutMs: 200 })
    const client = await rawClient(t, { port })
    const trickle = setInterval(() => client.socket.write('x'), 50)
    t.after(() => clearInterval(trickle))
    client.socket.write('GET /metrics HTTP/1.1\r\n')
    await client.until(/^HTTP\/1.1 408/)
  })

  it('cuts off a client that sends nothing, and one that does not take its answer', async (t) => {
    const megabytes = 'x'.repeat(32 * 2 ** 20)
    const { port } = await serve(t, { timeoutMs: 50, read: async () => megabytes })
    await untilClosed(connect(port, host))
    const client = connect(port, host)
    client.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n')
    client.pause()
    await new Promise((resolve) => setTimeout(resolve, 250))
    await untilClosed(client)
    assert.ok(client.bytesRead < megabytes.length)
  })

  it('ends connections that are kept, and one whose answer is not there yet, when it is closed', async (t) => {
    const asked = Promise.withResolvers<void>()
    const never = new Promise<string>(() => undefined)
    const read = () => {
      asked.resolve()
      return never
    }
    const server = await serveMetrics({ host, port: 0, read })
    const agent = new Agent({ keepAlive: true })
    t.after(() => agent.destroy())
    const kept = get({ host, port: server.port, path: '/', agent })
    const [response] = await once(kept, 'response')
    await once(response.resume(), 'end')
    const waiting = connect(server.port, host)
    waiting.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n')
    await asked.promise
    await server.close()
    await untilClosed(waiting)
    await assert.rejects(fetch(`http://${host}:${server.port}/metrics`))
  })
})
