import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, it, mock, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createAnswerMemory, shortBytes } from '../../platform/answer-memory.ts'
import { listen } from '../../platform/server.ts'
import { answerWhole } from './whole.ts'

const MiB = 2 ** 20
/** More than the kernel takes in for a client that does not read. */
const large = 32 * MiB

/** Room for one large answer, and no other one. */
function room() {
  const answers = createAnswerMemory({ limitBytes: large })
  const cut = mock.fn()
  const answer = (bytes: number) =>
    answerWhole(new Uint8Array(bytes).fill(120), { answers, caller: undefined, cut })
  return { answer, cut, isFree: () => answers.heldBytes === 0 }
}

type Room = ReturnType<typeof room>

const streamOf = ({ body }: ReturnType<Room['answer']>): ReadableStream<Uint8Array> => {
  assert.ok(body instanceof ReadableStream)
  return body
}

async function serve(t: TestContext, { answer }: Room): Promise<number> {
  const fetch = () => {
    const { body, headers } = answer(large)
    return new Response(body, { headers })
  }
  const describeError = () => ({ contentType: 'text/plain', body: '' })
  const options = { host: '127.0.0.1', port: 0, receiveTimeoutMs: 10_000, describeError }
  const { port, close } = await listen({ ...options, fetch })
  t.after(() => close(0))
  return port
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo() && tries < 200; tries++) await pause(10)
  assert.ok(isSo())
}

describe('a whole answer', () => {
  it('is sent as it is when it is short', () => {
    const { answer, isFree } = room()
    assert.deepEqual(answer(shortBytes).headers, {})
    assert.equal(answer(shortBytes).body.toString().length, 4 * shortBytes - 1)
    assert.ok(isFree())
  })

  it('goes out in pieces when it is long, with its length, and has every byte', async () => {
    const { answer, isFree } = room()
    const { body, headers } = answer(5 * MiB + 1)
    assert.deepEqual(headers, { 'Content-Length': String(5 * MiB + 1) })
    assert.ok(!isFree())
    const text = await new Response(body).text()
    assert.ok(text === 'x'.repeat(5 * MiB + 1))
    assert.ok(isFree())
  })

  it('has the length of its bytes, and not of its characters', async () => {
    const answers = createAnswerMemory({ limitBytes: MiB })
    const text = 'é'.repeat(shortBytes + 1)
    const { body, headers } = answerWhole(text, { answers, caller: undefined, cut: assert.fail })
    assert.deepEqual(headers, { 'Content-Length': String(2 * shortBytes + 2) })
    assert.equal(await new Response(body).text(), text)
  })

  it('is refused when there is no room for it', () => {
    const { answer } = room()
    answer(large)
    assert.throws(() => answer(shortBytes + 1), { kind: 'overloaded', retryAfterSeconds: 2 })
  })

  it('holds its room while its client does not take it, and until that has gone', async (t) => {
    const own = room()
    const client = connect(await serve(t, own), '127.0.0.1')
    client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(client, 'readable')
    await pause(50)
    assert.ok(!own.isFree())
    client.destroy()
    await until(own.isFree)
  })

  it('gives its room back when its client has taken it', async (t) => {
    const own = room()
    const answer = await fetch(`http://127.0.0.1:${await serve(t, own)}/`)
    assert.equal(answer.headers.get('content-length'), String(large))
    assert.equal((await answer.bytes()).length, large)
    await until(own.isFree)
  })

  it('is cut off when it is not taken in time, and counts no longer', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const { answer, cut, isFree } = room()
    await streamOf(answer(4 * MiB))
      .getReader()
      .read()
    // 30 s, and 64 for 4 MiB.
    t.mock.timers.tick(93_999)
    assert.ok(!isFree())
    assert.equal(cut.mock.callCount(), 0)
    t.mock.timers.tick(1)
    assert.ok(isFree())
    assert.equal(cut.mock.callCount(), 1)
  })

  it('gives its room back when it is cancelled', async () => {
    const { answer, isFree } = room()
    await streamOf(answer(MiB)).cancel()
    assert.ok(isFree())
  })
})
