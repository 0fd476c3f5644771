import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { deflateSync, gzipSync } from 'node:zlib'
import { OcrError } from '../contract/errors.ts'
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

  it('leaves what is beyond the limit to be read', async () => {
    const request = post(['0123456789', 'x', 'the rest'])
    await assert.rejects(read(request), { kind: 'payload_too_large' })
    const rest = await request.body?.getReader().read()
    assert.deepEqual(rest?.value, Buffer.from('the rest'))
  })

  it('takes no more memory than four times what has arrived, whatever is announced', async () => {
    const body = await readBody(post(['0123456789'], 1_000_000), 1_000_000)
    assert.deepEqual([body.length, body.buffer.byteLength], [10, 40])
  })

  it('takes just the memory that is announced when much of it has arrived', async () => {
    const body = await readBody(post(['0123456789', '0123456789'], 20), 1_000_000)
    assert.equal(body.buffer.byteLength, 20)
  })

  it('tells the memory what is held, and is stopped by it', async () => {
    const held: number[] = []
    await readBody(post(['one', 'three']), 10, { hold: (bytes) => held.push(bytes) })
    assert.deepEqual(held, [3, 8])
    const full = () => {
      throw new OcrError('overloaded', 'Full.')
    }
    await assert.rejects(readBody(post(['one']), 10, { hold: full }), { kind: 'overloaded' })
  })

  it('refuses one byte more than the limit when no header or a lying one announced it', async () => {
    await assert.rejects(read(post(['0123456789', 'x'])), { kind: 'payload_too_large' })
    await assert.rejects(read(post(['0123456789', 'x'], 3)), { kind: 'payload_too_large' })
  })
})

describe('readBody with a Content-Encoding', () => {
  function compressed(encoding: string, body: Uint8Array<ArrayBuffer>): Request {
    const headers = { 'content-encoding': encoding, 'content-length': String(body.length) }
    return new Request('http://host/', { method: 'POST', body, headers })
  }
  const text = Buffer.from('0123456789')
  const zeros = Buffer.alloc(1_000_000)

  for (const [encoding, compress] of [
    ['gzip', gzipSync],
    ['deflate', deflateSync],
  ] as const) {
    it(`takes ${encoding} off, up to exactly the limit`, async () => {
      assert.equal(await read(compressed(encoding, compress(text)), 30), '0123456789')
      const body = await readBody(compressed(encoding, compress(zeros)), zeros.length)
      assert.equal(body.length, zeros.length)
    })

    it(`refuses ${encoding} of more than the limit by what it inflates to`, async () => {
      const request = compressed(encoding, compress(zeros))
      await assert.rejects(readBody(request, zeros.length - 1), { kind: 'payload_too_large' })
    })

    it(`refuses damaged ${encoding}`, async () => {
      await assert.rejects(read(compressed(encoding, text)), { kind: 'invalid_request' })
    })
  }

  it('holds the limit while it decompresses, and then what came of it', async () => {
    const held: number[] = []
    const request = compressed('gzip', gzipSync(zeros))
    const sent = Number(request.headers.get('content-length'))
    await readBody(request, 2_000_000, { hold: (bytes) => held.push(bytes) })
    assert.deepEqual(held, [sent, sent + 2_000_000, zeros.length])
  })

  it('leaves "identity" as it is', async () => {
    assert.equal(await read(compressed('identity', text)), '0123456789')
  })

  it('refuses another encoding and names those it takes', async () => {
    for (const encoding of ['br', 'zstd', 'gzip, gzip', 'toString']) {
      await assert.rejects(read(compressed(encoding, text)), {
        kind: 'unsupported_media',
        message: 'Content-Encoding may be gzip or deflate, and nothing else.',
      })
    }
  })
})

describe('discardBody', () => {
  it('takes in all that is left of a body of up to the limit', async () => {
    const request = post(['one', 'two'], 6)
    for await (const _chunk of request.body?.values({ preventCancel: true }) ?? []) break
    await discardBody(request, 6)
    assert.equal(
      await request.body
        ?.getReader()
        .read()
        .then(({ done }) => done),
      true,
    )
    await discardBody(new Request('http://host/'), 6)
  })

  it('takes nothing in of a body that is longer, of unknown length or not sent yet', async () => {
    const expecting = post(['one', 'two'], 6)
    expecting.headers.set('expect', '100-continue')
    for (const request of [post(['one', 'two'], 7), post(['one', 'two']), expecting]) {
      await discardBody(request, 6)
      assert.equal(await request.text(), 'onetwo')
    }
  })

  it('takes nothing in of a body that is not sent yet, even if all others are taken in', async () => {
    const expecting = post(['one'], 3)
    expecting.headers.set('expect', '100-continue')
    await discardBody(expecting, Number.POSITIVE_INFINITY)
    assert.equal(await expecting.text(), 'one')
  })

  it('leaves a body alone that somebody reads', async () => {
    const request = post(['one'], 3)
    request.body?.getReader()
    await discardBody(request, 3)
  })
})
