import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { deflateSync, gzipSync } from 'node:zlib'
import type { Encoding } from '../../platform/compression.ts'
import { createReceiving } from '../../platform/receiving.ts'
import { encodingOf, frame, readMessages } from './frames.ts'

const limitBytes = 100

async function read(chunks: Uint8Array[], encoding?: Encoding): Promise<string[]> {
  const messages: string[] = []
  const stream = ReadableStream.from(chunks)
  for await (const message of readMessages(stream, { encoding, limitBytes })) {
    messages.push(Buffer.from(message).toString())
  }
  return messages
}

function framed(content: Uint8Array, flag = 0, length = content.length): Buffer {
  const prefix = Buffer.from([flag, 0, 0, 0, 0])
  prefix.writeUInt32BE(length, 1)
  return Buffer.concat([prefix, content])
}

const text = (value: string) => Buffer.from(value)

describe('readMessages', () => {
  it('reads messages however they are cut', async () => {
    const bytes = Buffer.concat([framed(text('one')), framed(text('')), framed(text('three'))])
    for (let size = 1; size <= bytes.length; size++) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      )
      assert.deepEqual(await read(chunks), ['one', '', 'three'])
    }
  })

  it('gives an empty message without waiting for what follows', async () => {
    const stream = ReadableStream.from([framed(text('')), text('x')])
    const messages = readMessages(stream, { encoding: undefined, limitBytes })
    assert.equal((await messages.next()).value?.length, 0)
  })

  it('reads none from an empty stream', async () => assert.deepEqual(await read([]), []))

  it('takes a message of exactly the limit', async () => {
    assert.equal((await read([framed(Buffer.alloc(limitBytes))]))[0]?.length, limitBytes)
  })

  it('refuses one byte more by its prefix alone', async () => {
    const prefix = framed(Buffer.alloc(0), 0, limitBytes + 1)
    await assert.rejects(read([prefix]), { kind: 'payload_too_large' })
  })

  for (const [encoding, compress] of [
    ['gzip', gzipSync],
    ['deflate', deflateSync],
  ] as const) {
    it(`takes ${encoding} off, up to exactly the limit`, async () => {
      const chunks = [framed(compress(Buffer.alloc(limitBytes)), 1), framed(text('plain'))]
      assert.deepEqual(await read(chunks, encoding), ['\0'.repeat(limitBytes), 'plain'])
      const more = framed(compress(Buffer.alloc(limitBytes + 1)), 1)
      await assert.rejects(read([more], encoding), { kind: 'payload_too_large' })
    })

    it(`refuses damaged ${encoding}`, async () => {
      await assert.rejects(read([framed(text('x'), 1)], encoding), { kind: 'invalid_request' })
    })
  }

  for (const [problem, bytes] of Object.entries({
    'half a prefix': Buffer.from([0, 0]),
    'half a message': framed(text('x'), 0, 2),
    'a prefix without its message': framed(Buffer.alloc(0), 0, 2),
    'an unknown flag': framed(text('x'), 2),
    'compression that was not announced': framed(text('x'), 1),
  })) {
    it(`refuses ${problem}`, async () => {
      await assert.rejects(read([bytes]), { kind: 'invalid_request' })
    })
  }
})

describe('what is held of a message', () => {
  const heldOf = async (chunks: Uint8Array[], room: number, encoding?: Encoding) => {
    const receiving = createReceiving({ limitBytes: room })
    using memory = receiving.open()
    const held: number[] = []
    const stream = ReadableStream.from(
      (function* () {
        for (const chunk of chunks) {
          held.push(receiving.heldBytes)
          yield chunk
        }
      })(),
    )
    for await (const _ of readMessages(stream, { encoding, limitBytes, memory })) {
      held.push(receiving.heldBytes)
    }
    return held
  }
  const [begin, end] = [framed(Buffer.alloc(40), 0, 100), Buffer.alloc(60)]

  it('is counted as it arrives, and not as it is announced', async () => {
    assert.deepEqual((await heldOf([begin, end], 100)).slice(1), [40, 100])
  })

  it('is refused where there is no room for it', async () => {
    await assert.rejects(heldOf([begin, end], 99), { kind: 'overloaded', retryAfterSeconds: 2 })
  })

  it('is what may come of it while it is decompressed, and then what did', async () => {
    const message = gzipSync(text('plain'))
    const most = message.length + limitBytes
    assert.equal((await heldOf([framed(message, 1)], most, 'gzip')).at(-1), 5)
    await assert.rejects(heldOf([framed(message, 1)], most - 1, 'gzip'), { kind: 'overloaded' })
  })
})

describe('frame', () => {
  for (const encoding of [undefined, 'gzip', 'deflate'] as const) {
    it(`writes what readMessages reads (${encoding})`, async () => {
      assert.deepEqual(await read([await frame(text('hi'), encoding)], encoding), ['hi'])
    })
  }
})

describe('encodingOf', () => {
  it('knows what it can take off', () => {
    assert.equal(encodingOf('gzip'), 'gzip')
    assert.equal(encodingOf('identity'), undefined)
    assert.equal(encodingOf(undefined), undefined)
    assert.throws(() => encodingOf('br'), { kind: 'not_supported' })
    assert.throws(() => encodingOf('toString'), { kind: 'not_supported' })
  })
})
