import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createReceiving, holdBody } from './receiving.ts'

const post = (...chunks: string[]): Request => {
  const body = ReadableStream.from(chunks.map((chunk) => Buffer.from(chunk)))
  return new Request('http://host/', { method: 'POST', body, duplex: 'half' })
}

describe('receiving', () => {
  it('holds bytes up to the limit over all requests, and refuses one more with a time to retry', () => {
    const receiving = createReceiving({ limitBytes: 10 })
    const [one, two] = [receiving.open(), receiving.open()]
    one.hold(6)
    two.hold(4)
    assert.throws(() => two.hold(5), { kind: 'overloaded', retryAfterSeconds: 2 })
    assert.deepEqual([receiving.heldBytes, receiving.limitBytes], [10, 10])
  })

  it('counts what a request holds now, and not what it held before', () => {
    const receiving = createReceiving({ limitBytes: 10 })
    const memory = receiving.open()
    memory.hold(4)
    memory.hold(10)
    memory.hold(3)
    assert.equal(receiving.heldBytes, 3)
  })

  it('leaves room for others, however much one caller brings', () => {
    const receiving = createReceiving({ limitBytes: 90 })
    const bring = (caller: string, bytes: number) => receiving.open(caller).hold(bytes)
    for (let count = 0; count < 8; count++) bring('alice', 10)
    assert.throws(() => bring('alice', 1), { kind: 'overloaded', retryAfterSeconds: 2 })
    bring('bob', 10)
  })

  it('may be filled by one request, of whomever', () => {
    const receiving = createReceiving({ limitBytes: 10 })
    using memory = receiving.open('alice')
    for (let bytes = 1; bytes <= 10; bytes++) memory.hold(bytes)
    assert.throws(() => memory.hold(11), { kind: 'overloaded' })
  })

  it('has room again when a request is over, however often that is said', () => {
    const receiving = createReceiving({ limitBytes: 10 })
    {
      using memory = receiving.open()
      memory.hold(10)
      memory[Symbol.dispose]()
    }
    assert.equal(receiving.heldBytes, 0)
    receiving.open().hold(10)
  })
})

describe('a request whose body is held', () => {
  it('counts its body as it is read', async () => {
    const receiving = createReceiving({ limitBytes: 10 })
    using memory = receiving.open()
    const request = holdBody(post('one', 'three'), memory)
    const held: number[] = []
    for await (const _chunk of request.body ?? []) held.push(receiving.heldBytes)
    assert.deepEqual(held, [3, 8])
  })

  it('breaks off where there is no more room, and leaves the rest unread', async () => {
    const receiving = createReceiving({ limitBytes: 4 })
    using memory = receiving.open()
    const original = post('one', 'two', 'three')
    await assert.rejects(holdBody(original, memory).text(), { kind: 'overloaded' })
    const rest = await original.body?.getReader().read()
    assert.deepEqual(rest?.value, Buffer.from('three'))
  })

  it('keeps its method, headers and signal, and may be without a body', async () => {
    using memory = createReceiving({ limitBytes: 4 }).open()
    const controller = new AbortController()
    const { signal } = controller
    const headers = { 'content-type': 'image/png' }
    const bare = new Request('http://host/x', { method: 'PUT', headers, signal })
    const full = new Request('http://host/x', { method: 'PUT', headers, signal, body: 'x' })
    for (const request of [holdBody(bare, memory), holdBody(full, memory)]) {
      assert.deepEqual([request.method, request.url], ['PUT', 'http://host/x'])
      assert.equal(request.headers.get('content-type'), 'image/png')
    }
    const { signal: follower } = holdBody(full, memory)
    controller.abort('gone')
    assert.equal(follower.reason, 'gone')
  })
})
