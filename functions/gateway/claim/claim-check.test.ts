import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { recordingServer } from '../../../tests/services/http-server.ts'
import { OcrError } from '../../contract/errors.ts'
import { createClaimCheck } from './claim-check.ts'
import { aCall, answering, chunked, claimCheckOf } from './fixtures/claim-check.ts'

const refused = { kind: 'reference_refused' }
const unavailable = { kind: 'reference_unavailable' }

/** Much later than the fetch is to end, and earlier than the connection would end it. */
const soon = { timeout: 5_000 }

describe('the claim check', () => {
  it('fetches a document from an allowed origin, with its query and without its fragment', async (t) => {
    const server = await recordingServer(t, answering('a file'))
    const { fetch } = claimCheckOf(t, { dataRefOrigins: server.origin })
    const file = await fetch(`${server.origin}/in/a%20b.png?signature=x#page=2`, aCall())
    assert.equal(Buffer.from(file).toString(), 'a file')
    const request = server.received[0]?.request
    assert.equal(request?.url, '/in/a%20b.png?signature=x')
    assert.equal(request?.headers['accept-encoding'], 'identity')
  })

  it('fetches by any form of an allowed address', async (t) => {
    const server = await recordingServer(t, answering('a file'))
    const { fetch } = claimCheckOf(t, { dataRefOrigins: server.origin })
    await fetch(`HTTP://2130706433:${server.port}/`, aCall())
    assert.equal(server.received.length, 1)
  })

  it('fetches nothing when no origin is allowed, and says so', async (t) => {
    const server = await recordingServer(t, answering('a file'))
    const { fetch } = claimCheckOf(t, { dataRefOrigins: '' })
    await assert.rejects(fetch(server.origin, aCall()), { ...refused, message: /fetches no doc/ })
    assert.equal(server.connections, 0)
  })

  for (const [what, reference] of [
    ['of another port', (port: number) => `http://127.0.0.1:${port + 1}/`],
    ['of another scheme', (port: number) => `https://127.0.0.1:${port}/`],
    ['of another address', (port: number) => `http://127.0.0.2:${port}/`],
    ['of another host that begins alike', (port: number) => `http://127.0.0.1.x.org:${port}/`],
    ['with a user', (port: number) => `http://user@127.0.0.1:${port}/`],
    ['with a password', (port: number) => `http://:word@127.0.0.1:${port}/`],
    ['with the allowed host as its user', (port: number) => `http://127.0.0.1:${port}@x.org/`],
    ['of a bucket', () => 's3://documents/a.png'],
    ['of a file', () => 'file:///etc/passwd'],
    ['of data', () => 'data:,abc'],
    ['that is relative', () => '/a.png'],
    ['that is endless', (port: number) => `http://127.0.0.1:${port}/${'a'.repeat(9_000)}`],
  ] as const) {
    it(`refuses a reference ${what}`, async (t) => {
      const server = await recordingServer(t, answering('a file'))
      const { fetch } = claimCheckOf(t, { dataRefOrigins: server.origin })
      await assert.rejects(fetch(reference(server.port), aCall()), refused)
      assert.equal(server.connections, 0)
    })
  }

  for (const [what, answer] of [
    ['whose length is announced', answering],
    ['whose length is not announced', chunked],
  ] as const) {
    it(`takes a document of the largest size ${what}, and not one byte more`, async (t) => {
      const server = await recordingServer(t, answer('12345678'))
      const { fetch } = claimCheckOf(t, { dataRefOrigins: server.origin })
      assert.equal((await fetch(server.origin, aCall({ maxBytes: 8 }))).length, 8)
      const tooLong = fetch(server.origin, aCall({ maxBytes: 7 }))
      await assert.rejects(tooLong, { kind: 'payload_too_large' })
    })
  }

  for (const [what, status, headers, kind] of [
    ['announced as too large', 200, { 'content-length': 2 ** 30 }, 'payload_too_large'],
    ['too large', 200, {}, 'payload_too_large'],
    ['compressed', 200, { 'content-encoding': 'gzip' }, 'reference_refused'],
    ['an error', 404, {}, 'reference_refused'],
    ['a redirect', 302, { location: 'http://x.org/' }, 'reference_refused'],
  ] as const) {
    it(`lets go of the connection of what is ${what}`, soon, async (t) => {
      const closed = Promise.withResolvers<void>()
      const server = await recordingServer(t, (request, response) => {
        request.socket.once('close', () => closed.resolve())
        response.writeHead(status, headers).write('begin')
      })
      const { fetch } = claimCheckOf(t, { dataRefOrigins: server.origin })
      await assert.rejects(fetch(server.origin, aCall({ maxBytes: 4 })), { kind })
      await closed.promise
    })
  }

  it('tells the memory what is held, and ends when it has no room', async (t) => {
    const server = await recordingServer(t, chunked('12345678'))
    const { fetch } = claimCheckOf(t, { dataRefOrigins: server.origin })
    const held: number[] = []
    await fetch(server.origin, { ...aCall(), memory: { hold: (bytes) => void held.push(bytes) } })
    assert.equal(held.at(-1), 8)
    const full = new OcrError('overloaded', 'Full.')
    const hold = () => {
      throw full
    }
    await assert.rejects(fetch(server.origin, { ...aCall(), memory: { hold } }), full)
  })

  it('refuses a compressed document', async (t) => {
    const zipped = gzipSync('a file')
    const server = await recordingServer(t, answering(zipped, { 'content-encoding': 'gzip' }))
    const { fetch } = claimCheckOf(t, { dataRefOrigins: server.origin })
    const message = /no Content-Encoding/
    await assert.rejects(fetch(server.origin, aCall()), { ...refused, message })
  })

  for (const [status, error, retryAfterSeconds] of [
    [204, refused, undefined],
    [304, refused, undefined],
    [403, refused, undefined],
    [404, refused, undefined],
    [429, unavailable, 7],
    [500, unavailable, 7],
    [503, unavailable, 7],
  ] as const) {
    it(`takes ${status} for ${error.kind}`, async (t) => {
      const server = await recordingServer(t, (_, response) => {
        response.writeHead(status, { 'retry-after': '7' }).end()
      })
      const { fetch } = claimCheckOf(t, { dataRefOrigins: server.origin })
      await assert.rejects(fetch(server.origin, aCall()), { ...error, retryAfterSeconds })
    })
  }

  it('is without the document for now when the connection is refused, or broken in the middle', async (t) => {
    const server = await recordingServer(t, (_, response) => {
      response.writeHead(200, { 'content-length': 8 })
      response.write('1234', () => response.destroy())
    })
    const [whole, free] = [server.origin, 'http://127.0.0.1:1']
    const { fetch } = claimCheckOf(t, { dataRefOrigins: `${whole},${free}` })
    for (const origin of [whole, free]) await assert.rejects(fetch(origin, aCall()), unavailable)
  })

  it('is without the document for now when its server is silent, or ends in the middle', async (t) => {
    const server = await recordingServer(t, ({ url }, response) => {
      if (url === '/begins') response.write('begin')
    })
    const options = { dataRefOrigins: server.origin, dataRefTimeoutMs: 100 }
    const { fetch } = claimCheckOf(t, options)
    for (const path of ['/silent', '/begins']) {
      const message = 'Fetching the document took longer than 0.1 s.'
      await assert.rejects(fetch(server.origin + path, aCall()), { ...unavailable, message })
    }
  })

  it(
    'is without the document for now when the name of its host is resolved too slowly',
    soon,
    async (t) => {
      const dataRefOrigins = 'http://files.example.org'
      const resolve = () => new Promise<never>(() => undefined)
      const { fetch } = claimCheckOf(t, { dataRefOrigins, dataRefTimeoutMs: 50, resolve })
      await assert.rejects(fetch(dataRefOrigins, aCall()), {
        ...unavailable,
        message: /longer than/,
      })
    },
  )

  for (const path of ['/silent', '/begins']) {
    it(`lets go of the connection when the caller is gone, at ${path}`, async (t) => {
      const client = new AbortController()
      const reason = new OcrError('client_gone', 'Gone.')
      const closed = Promise.withResolvers<void>()
      const server = await recordingServer(t, (request, response) => {
        request.socket.once('close', () => closed.resolve())
        if (path === '/begins') response.write('begin')
        else client.abort(reason)
      })
      const { fetch } = claimCheckOf(t, { dataRefOrigins: server.origin })
      const hold = () => client.abort(reason)
      const call = { ...aCall({ signal: client.signal }), memory: { hold } }
      await assert.rejects(fetch(server.origin + path, call), reason)
      await closed.promise
    })
  }

  it('asks for nothing when the caller has gone before', async (t) => {
    const server = await recordingServer(t, answering('a file'))
    const { fetch } = claimCheckOf(t, { dataRefOrigins: server.origin })
    const reason = new Error('gone')
    const call = aCall({ signal: AbortSignal.abort(reason) })
    await assert.rejects(fetch(server.origin, call), reason)
    assert.equal(server.received.length, 0)
  })

  it('closes the connections that it has kept', async (t) => {
    const server = await recordingServer(t, answering('a file'))
    const claimCheck = claimCheckOf(t, { dataRefOrigins: server.origin })
    await claimCheck.fetch(server.origin, aCall())
    const socket = server.received[0]?.request.socket
    assert.ok(socket && !socket.destroyed)
    const closed = once(socket, 'close')
    await claimCheck.close()
    await closed
  })

  for (const [name, change] of [
    ['OCR_DATAREF_ORIGINS', { dataRefOrigins: 'https://a.example.org,b.example.org' }],
    ['OCR_DATAREF_PRIVATE_NETWORKS', { dataRefPrivateNetworks: '10.0.0.0/8,10.0.0.0' }],
  ] as const) {
    it(`is not made with a ${name} that is none`, () => {
      const settings = { dataRefOrigins: '', dataRefPrivateNetworks: '' }
      const more = { dataRefTimeoutMs: 1_000, s3PathStyle: 'no' } as const
      const message = new RegExp(`^${name} has "(?:b.example.org|10.0.0.0)", which is no`)
      assert.throws(() => createClaimCheck({ ...settings, ...more, ...change }), { message })
    })
  }
})
