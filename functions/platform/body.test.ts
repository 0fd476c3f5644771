import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { discardBody, readBody } from './body.ts'

/** A request whose body arrives in chunks, with whatever length its header claims. */
function post(chunks: string[], announced?: number): Request {
  const body = ReadableStream.from(chunks.map((chunk) => Buffer.from(chunk)))
  const headers = announced === undefined ? {} : { 'content-length': String(announced) }
  return new Request('http://host/', { method: 'POST', body, headers, duplex: 'half' })
}

const read = async (request: Request, limit = 10) =>
  Buffer.from(await readBody(request, limit)).toString()

describe('readBody', () => {
  it('joins the chunks, with and without an announced length', async () => {
    assert.equal(await read(post(['one', 'two'], 6)), 'onetwo')
    assert.equal(await read(post(['one', 'two', 'four'])), 'onetwofour')
  })

  it('is empty for a request without a body', async () => {
    assert.equal(await read(new Request('http://host/')), '')
  })

  it('takes a body of exactly the limit', async () => {
    assert.equal(await read(post(['0123456789'], 10)), '0123456789')
  })

  it('refuses one byte more than the limit by its header, before a byte is read', async () => {
    const body = new ReadableStream(
      {
        pull: () => assert.fail('the body was read'),
      },
      { highWaterMark: 0 },
    )
    const headers = { 'content-length': '11' }
    const request = new Request('http://host/', { method: 'POST', body, headers, duplex: 'half' })
    await assert.rejects(readBody(request, 10), { kind: 'payload_too_large' })
  })

  it('refuses one byte more than the limit when no header or a lying one announced it', async () => {
    await assert.rejects(read(post(['0123456789', 'x'])), { kind: 'payload_too_large' })
    await assert.rejects(read(post(['0123456789', 'x'], 3)), { kind: 'payload_too_large' })
  })
})

describe('discardBody', () => {
  it('takes in all of a body', async () => {
    const request = post(['one', 'two'])
    await discardBody(request)
    assert.equal(request.bodyUsed, true)
    await discardBody(new Request('http://host/'))
  })
})
