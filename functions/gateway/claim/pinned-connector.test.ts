import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, it } from 'node:test'
import { recordingServer } from '../../../tests/services/http-server.ts'
import { aCall, answering, claimCheckOf, resolvingTo } from './fixtures/claim-check.ts'

const refused = { kind: 'reference_refused', message: /^The host of the dataref is not on/ }
const unavailable = { kind: 'reference_unavailable' }

describe('a connection', () => {
  it('goes to the address of the name, which the server is told', async (t) => {
    const server = await recordingServer(t, answering('a file'))
    const dataRefOrigins = `http://files.example.org:${server.port}`
    const resolve = resolvingTo('127.0.0.1')
    const { fetch } = claimCheckOf(t, { dataRefOrigins, resolve })
    await fetch(dataRefOrigins, aCall())
    assert.equal(server.received[0]?.request.headers.host, `files.example.org:${server.port}`)
  })

  it('goes to the next address when nobody listens at the first one', async (t) => {
    const server = await recordingServer(t, answering('a file'))
    const dataRefOrigins = `http://files.example.org:${server.port}`
    const resolve = resolvingTo('127.0.0.9', '127.0.0.1')
    const { fetch } = claimCheckOf(t, { dataRefOrigins, resolve })
    await fetch(dataRefOrigins, aCall())
  })

  it('is made to what was checked: the name is resolved once for it', async (t) => {
    const server = await recordingServer(t, answering('a file', { connection: 'close' }))
    const dataRefOrigins = `http://files.example.org:${server.port}`
    const addresses = ['127.0.0.1', '10.0.0.1']
    let asked = 0
    const resolve = () => resolvingTo(addresses[asked++] ?? '')()
    const { fetch } = claimCheckOf(t, { dataRefOrigins, resolve })
    await fetch(dataRefOrigins, aCall())
    assert.equal(asked, 1)
    // The name has another address now.
    await assert.rejects(fetch(dataRefOrigins, aCall()), refused)
    assert.equal(asked, 2)
    assert.equal(server.connections, 1)
  })

  for (const addresses of [
    ['127.0.0.1'],
    ['10.0.0.1'],
    ['8.8.8.8', '10.0.0.1'],
    ['8.8.8.8', '::1'],
    ['::ffff:127.0.0.1'],
    ['64:ff9b::7f00:1'],
  ]) {
    it(`is refused when the name has ${addresses.join(' and ')}`, async (t) => {
      const server = await recordingServer(t, answering('a file'))
      const dataRefOrigins = `http://files.example.org:${server.port}`
      const resolve = resolvingTo(...addresses)
      const options = { dataRefOrigins, dataRefPrivateNetworks: '', resolve }
      const { fetch } = claimCheckOf(t, options)
      await assert.rejects(fetch(dataRefOrigins, aCall()), refused)
      assert.equal(server.connections, 0)
    })
  }

  for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '0177.0.0.1', '[::ffff:127.0.0.1]']) {
    it(`is refused to the address ${host}, which no name stands for`, async (t) => {
      const server = await recordingServer(t, answering('a file'))
      const dataRefOrigins = `http://${host}:${server.port}`
      const resolve = () => assert.fail('resolved')
      const options = { dataRefOrigins, dataRefPrivateNetworks: '', resolve }
      const { fetch } = claimCheckOf(t, options)
      await assert.rejects(fetch(dataRefOrigins, aCall()), refused)
      assert.equal(server.connections, 0)
    })
  }

  it('tells the address to the log and not to the caller', async (t) => {
    const dataRefOrigins = 'http://files.example.org'
    const { fetch } = claimCheckOf(t, { dataRefOrigins, resolve: resolvingTo('10.0.0.1') })
    await assert.rejects(fetch(dataRefOrigins, aCall()), (error) => {
      assert.ok(error instanceof Error && error.cause instanceof Error)
      assert.doesNotMatch(error.message, /10\.0\.0\.1/)
      assert.match(error.cause.message, /10\.0\.0\.1/)
      return true
    })
  })

  it('has the name in its TLS handshake', async (t) => {
    const hello = Promise.withResolvers<Buffer>()
    const server = createServer((socket) => {
      socket.once('data', (data) => {
        hello.resolve(data)
        socket.destroy()
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.after(() => server.close())
    const address = server.address()
    assert.ok(address && typeof address === 'object')
    const dataRefOrigins = `https://files.example.org:${address.port}`
    const { fetch } = claimCheckOf(t, { dataRefOrigins, resolve: resolvingTo('127.0.0.1') })
    await assert.rejects(fetch(dataRefOrigins, aCall()), unavailable)
    assert.ok((await hello.promise).includes('files.example.org'))
  })

  it('may be had later when the name has no address, or is not known', async (t) => {
    const dataRefOrigins = 'http://files.example.org,http://no-such-host.invalid'
    const { fetch } = claimCheckOf(t, { dataRefOrigins })
    await assert.rejects(fetch('http://no-such-host.invalid', aCall()), unavailable)
    const nowhere = claimCheckOf(t, { dataRefOrigins, resolve: resolvingTo() })
    await assert.rejects(nowhere.fetch('http://files.example.org', aCall()), unavailable)
  })
})
