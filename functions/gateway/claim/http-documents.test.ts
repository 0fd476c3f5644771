import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { describe, it } from 'node:test'
import { recordingServer } from '../../../tests/services/http-server.ts'
import { aCall, answering, claimCheckOf } from './fixtures/claim-check.ts'

const refused = { kind: 'reference_refused' }

const redirecting =
  (location: string, status = 302): RequestListener =>
  (_, response) => {
    response.writeHead(status, { location }).end('moved')
  }

/** Redirects /3 to /2, that to /1, and that to /0, which is the document. */
const countdown: RequestListener = (request, response) => {
  const left = Number(request.url?.slice(1))
  const answer = left > 0 ? redirecting(`/${left - 1}`) : answering('a file')
  answer(request, response)
}

describe('a redirect', () => {
  for (const status of [301, 302, 303, 307, 308]) {
    it(`by ${status} is followed within the allowed origins`, async (t) => {
      const target = await recordingServer(t, answering('a file'))
      const server = await recordingServer(t, redirecting(`${target.origin}/there`, status))
      const dataRefOrigins = `${server.origin},${target.origin}`
      const { fetch } = claimCheckOf(t, { dataRefOrigins })
      assert.equal(Buffer.from(await fetch(server.origin, aCall())).toString(), 'a file')
      assert.equal(target.received[0]?.request.url, '/there')
    })
  }

  it('is followed three times and not a fourth', async (t) => {
    const server = await recordingServer(t, countdown)
    const { fetch } = claimCheckOf(t, { dataRefOrigins: server.origin })
    await fetch(`${server.origin}/3`, aCall())
    assert.equal(server.received.length, 4)
    await assert.rejects(fetch(`${server.origin}/4`, aCall()), refused)
    assert.equal(server.received.length, 8)
  })

  it('to itself comes to an end', async (t) => {
    const server = await recordingServer(t, redirecting('/'))
    const { fetch } = claimCheckOf(t, { dataRefOrigins: server.origin })
    await assert.rejects(fetch(server.origin, aCall()), refused)
  })

  it('out of the allowed origins is refused before anything is sent there', async (t) => {
    const target = await recordingServer(t, answering('a secret'))
    const server = await recordingServer(t, redirecting(target.origin))
    const { fetch } = claimCheckOf(t, { dataRefOrigins: server.origin })
    await assert.rejects(fetch(server.origin, aCall()), refused)
    assert.equal(target.connections, 0)
  })

  for (const [what, location] of [
    ['a bucket, although it is allowed', 's3://documents/a.png'],
    ['a file', 'file:///etc/passwd'],
    ['no URL', 'http://['],
    ['a URL with a password', '//user:word@127.0.0.1/'],
  ] as const) {
    it(`to ${what}, is refused`, async (t) => {
      const server = await recordingServer(t, redirecting(location))
      const dataRefOrigins = `${server.origin},s3://documents,http://127.0.0.1`
      const { fetch } = claimCheckOf(t, { dataRefOrigins })
      await assert.rejects(fetch(server.origin, aCall()), refused)
    })
  }

  it('to an address that is not public is refused, although its name is allowed', async (t) => {
    const server = await recordingServer(t, redirecting('http://10.0.0.1/'))
    const { fetch } = claimCheckOf(t, { dataRefOrigins: `${server.origin},http://10.0.0.1` })
    await assert.rejects(fetch(server.origin, aCall()), { ...refused, message: /public network/ })
  })

  it('without a location is refused', async (t) => {
    const server = await recordingServer(t, (_, response) => void response.writeHead(302).end())
    const { fetch } = claimCheckOf(t, { dataRefOrigins: server.origin })
    await assert.rejects(fetch(server.origin, aCall()), refused)
  })
})
