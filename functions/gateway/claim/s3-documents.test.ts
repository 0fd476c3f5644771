import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { describe, it, type TestContext } from 'node:test'
import { recordingServer } from '../../../tests/services/http-server.ts'
import { OcrError } from '../../contract/errors.ts'
import { aCall, answering, claimCheckOf } from './fixtures/claim-check.ts'

// No test is to find the credentials of who runs it, or to ask the network for some.
process.env['AWS_EC2_METADATA_DISABLED'] = 'true'
process.env['AWS_CONFIG_FILE'] = '/dev/null'
process.env['AWS_SHARED_CREDENTIALS_FILE'] = '/dev/null'
for (const name of ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_PROFILE']) delete process.env[name]

const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' }
const refused = { kind: 'reference_refused' }
const unavailable = { kind: 'reference_unavailable' }

/** Much later than what is to end at once. */
const soon = { timeout: 5_000 }

/** Of "a file". */
const checksum = { 'x-amz-checksum-crc32': 'HnC7VA==' }

/** A store on the loopback interface that answers as told, and what fetches from its bucket. */
async function store(t: TestContext, answer: RequestListener, options: object = {}) {
  const server = await recordingServer(t, answer)
  const s3 = { endpoint: server.origin, credentials }
  const origins = { dataRefOrigins: 's3://documents', dataRefPrivateNetworks: '' }
  return { server, claimCheck: claimCheckOf(t, { ...origins, s3, ...options }) }
}

const failing =
  (status: number, code: string): RequestListener =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/xml' })
    response.end(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`)
  }

describe('an object of a store', () => {
  it('is fetched by its bucket and key, in the usual region when none is set', async (t) => {
    const { server, claimCheck } = await store(t, answering('a file'))
    const file = await claimCheck.fetch('s3://documents/a/b%20c%3F.png', aCall())
    assert.equal(Buffer.from(file).toString(), 'a file')
    const request = server.received[0]?.request
    assert.equal(request?.url?.split('?x-id')[0], '/documents/a/b%20c%3F.png')
    assert.match(request?.headers.authorization ?? '', /Credential=key\/\d+\/us-east-1\/s3/)
  })

  for (const [s3PathStyle, host] of [
    ['no', 'documents.store.invalid'],
    ['yes', 'store.invalid'],
  ] as const) {
    it(`is asked of ${host} when the path is to name the bucket: ${s3PathStyle}`, async (t) => {
      const s3 = { endpoint: 'http://store.invalid', credentials }
      const { claimCheck } = await store(t, answering('a file'), { s3PathStyle, s3 })
      await assert.rejects(claimCheck.fetch('s3://documents/a.png', aCall()), (error) => {
        assert.ok(error instanceof OcrError && error.kind === unavailable.kind)
        assert.equal(String(error.cause).split(' ').at(-1), host)
        return true
      })
    })
  }

  it('is refused from another bucket, and without a key', async (t) => {
    const { server, claimCheck } = await store(t, answering('a file'))
    for (const reference of ['s3://secrets/a', 's3://documents', 's3://documents/..%2Fsecrets/a']) {
      await assert.rejects(claimCheck.fetch(reference, aCall()), refused)
    }
    assert.equal(server.received.length, 0)
  })

  it('is taken up to the largest size', async (t) => {
    const { claimCheck } = await store(t, answering('12345678'))
    const sizes = aCall({ maxBytes: 8 })
    assert.equal((await claimCheck.fetch('s3://documents/a', sizes)).length, 8)
    const tooLong = claimCheck.fetch('s3://documents/a', aCall({ maxBytes: 7 }))
    await assert.rejects(tooLong, { kind: 'payload_too_large' })
  })

  it('is refused when it is compressed', async (t) => {
    const { claimCheck } = await store(t, answering('a file', { 'content-encoding': 'gzip' }))
    await assert.rejects(claimCheck.fetch('s3://documents/a', aCall()), refused)
  })

  for (const [status, code, error, attempts] of [
    [404, 'NoSuchKey', refused, 1],
    [404, 'NoSuchBucket', refused, 1],
    [403, 'AccessDenied', refused, 1],
    [400, 'XMinioInvalidObjectName', refused, 1],
    [404, 'NoSuchVersion', refused, 1],
    [405, 'MethodNotAllowed', refused, 1],
    [403, 'InvalidAccessKeyId', unavailable, 1],
    [403, 'SignatureDoesNotMatch', unavailable, 1],
    [500, 'InternalError', unavailable, 2],
    [503, 'SlowDown', unavailable, 2],
  ] as const) {
    it(`is ${error.kind} when the store says ${code}`, async (t) => {
      const { server, claimCheck } = await store(t, failing(status, code))
      await assert.rejects(claimCheck.fetch('s3://documents/a', aCall()), error)
      assert.equal(server.received.length, attempts)
    })
  }

  it('may be had later when there are no credentials, or the store is not there', async (t) => {
    const endpoint = 'http://127.0.0.1:1'
    for (const [s3, cause] of [
      [{ endpoint }, /credentials/i],
      [{ endpoint, credentials }, /ECONNREFUSED/],
    ] as const) {
      const { claimCheck } = await store(t, answering('a file'), { s3 })
      await assert.rejects(claimCheck.fetch('s3://documents/a', aCall()), (error) => {
        assert.ok(error instanceof OcrError && error.kind === unavailable.kind)
        assert.match(String(error.cause), cause)
        return true
      })
    }
  })

  it('may be had later when the store takes too long', async (t) => {
    const { claimCheck } = await store(t, () => undefined, { dataRefTimeoutMs: 100 })
    const message = 'Fetching the document took longer than 0.1 s.'
    const fetching = claimCheck.fetch('s3://documents/a', aCall())
    await assert.rejects(fetching, { ...unavailable, message })
  })

  it('may be had later when the credentials take too long', soon, async (t) => {
    const s3 = { endpoint: 'http://127.0.0.1:1', credentials: () => new Promise<never>(() => {}) }
    const options = { s3, dataRefTimeoutMs: 100 }
    const { claimCheck } = await store(t, answering('a file'), options)
    await assert.rejects(claimCheck.fetch('s3://documents/a', aCall()), unavailable)
  })

  it('is let go of when the caller is gone before its first byte', soon, async (t) => {
    const client = new AbortController()
    const reason = new OcrError('client_gone', 'Gone.')
    const closed = Promise.withResolvers<void>()
    const { claimCheck } = await store(t, ({ socket }) => {
      socket.once('close', () => closed.resolve())
      client.abort(reason)
    })
    const call = aCall({ signal: client.signal })
    await assert.rejects(claimCheck.fetch('s3://documents/a', call), reason)
    await closed.promise
  })

  it('is compared with its checksum', async (t) => {
    const { claimCheck } = await store(t, answering('a file', checksum))
    assert.equal((await claimCheck.fetch('s3://documents/a', aCall())).length, 6)
    const damaged = await store(t, answering('a fire', checksum))
    await assert.rejects(damaged.claimCheck.fetch('s3://documents/a', aCall()), unavailable)
  })

  // The SDK has another stream around the body when there is a checksum.
  for (const [how, headers] of [
    ['with a checksum', checksum],
    ['without a checksum', {}],
  ] as const) {
    const beginning =
      (onClose: () => void, more: object = {}): RequestListener =>
      ({ socket }, response) => {
        socket.once('close', onClose)
        response.writeHead(200, { ...headers, ...more }).write('begin')
      }

    it(`is let go of when the caller is gone in the middle, ${how}`, soon, async (t) => {
      const client = new AbortController()
      const reason = new OcrError('client_gone', 'Gone.')
      const closed = Promise.withResolvers<void>()
      const { claimCheck } = await store(t, beginning(closed.resolve))
      const hold = () => client.abort(reason)
      const call = { ...aCall({ signal: client.signal }), memory: { hold } }
      await assert.rejects(claimCheck.fetch('s3://documents/a', call), reason)
      await closed.promise
    })

    it(`may be had later when it breaks in the middle, ${how}`, soon, async (t) => {
      const { claimCheck } = await store(t, (_, response) => {
        response.writeHead(200, { ...headers, 'content-length': 8 })
        response.write('begin', () => response.destroy())
      })
      await assert.rejects(claimCheck.fetch('s3://documents/a', aCall()), unavailable)
    })

    for (const [what, more, kind] of [
      ['announced as too large', { 'content-length': 2 ** 30 }, 'payload_too_large'],
      ['too large', {}, 'payload_too_large'],
      ['compressed', { 'content-encoding': 'gzip' }, 'reference_refused'],
    ] as const) {
      it(`is let go of when it is ${what}, ${how}`, soon, async (t) => {
        const closed = Promise.withResolvers<void>()
        const { claimCheck } = await store(t, beginning(closed.resolve, more))
        const fetching = claimCheck.fetch('s3://documents/a', aCall({ maxBytes: 4 }))
        await assert.rejects(fetching, { kind })
        await closed.promise
      })
    }
  }
})
