import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { answering, inTurn, recordingServer, reset } from '../../../tests/services/http-server.ts'
import { OcrError } from '../../contract/errors.ts'
import { createAnswerMemory } from '../../platform/answer-memory.ts'
import { aCall } from './fixtures/fake-model.ts'
import { createTransport, type Transport } from './transport.ts'
import { NotTakenError } from './upstream-error.ts'

const get = { method: 'GET', path: '/v2/models/ocr-model' } as const
const gone = new OcrError('client_gone', 'Gone.')

const maxAnswerBytes = 2 ** 20

function transportTo(
  t: TestContext,
  origin: string,
  connections = 4,
  answers = createAnswerMemory({ limitBytes: 4 * maxAnswerBytes }),
): Transport {
  const limits = { connectTimeoutMs: 300, connections, maxAnswerBytes }
  const transport = createTransport({ origin, ...limits, answers })
  t.after(transport.close)
  return transport
}

const mayBeSentAgain = (kind: string) => (error: unknown) =>
  error instanceof NotTakenError && error.kind === kind

const mayNotBeSentAgain = (kind: string) => (error: unknown) =>
  error instanceof OcrError && !(error instanceof NotTakenError) && error.kind === kind

/** A server that speaks no HTTP. */
async function rawServer(t: TestContext, onConnection: Parameters<typeof createServer>[1]) {
  const server: Server = createServer(onConnection)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const address = server.address()
  assert.ok(address && typeof address === 'object')
  return `http://127.0.0.1:${address.port}`
}

/** A port whose connections nobody accepts: once a few stand in its queue, further ones are not answered. */
async function fullPort(t: TestContext): Promise<string> {
  const source = `
    const { createServer } = require('node:net')
    const { parentPort } = require('node:worker_threads')
    const server = createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      parentPort.postMessage(server.address().port)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    })`
  const worker = new Worker(source, { eval: true })
  t.after(() => worker.terminate())
  const [port] = await once(worker, 'message')
  return `http://127.0.0.1:${port}`
}

describe('the transport', () => {
  it('sends a small body in one piece and a large one as a stream, and both arrive whole', async (t) => {
    const model = await recordingServer(t, answering(200, 'read'))
    const transport = transportTo(t, model.origin)
    for (const size of [10, 256 * 1024, 256 * 1024 + 1, 5 * 2 ** 20]) {
      const parts = [Buffer.from('head'), Buffer.alloc(size - 4, 7)]
      const body = { parts, contentLength: size }
      const answer = await transport.send({ method: 'POST', path: '/', body }, aCall())
      assert.equal(Buffer.from(answer.body).toString(), 'read')
      assert.deepEqual(model.received.at(-1)?.body, Buffer.concat(parts))
      assert.equal(model.received.at(-1)?.request.headers['content-length'], String(size))
    }
  })

  it('tells the model how long it has, a little less than there is', async (t) => {
    const model = await recordingServer(t, answering(200, ''))
    const transport = transportTo(t, model.origin)
    for (const [leftMs, least, most] of [
      [60_000, 58_000, 59_750],
      [1_000, 500, 950],
      [0.5, 1, 1],
      [-5, 1, 1],
    ] as const) {
      await transport.send(get, aCall({ deadlineAt: performance.now() + leftMs }))
      const told = String(model.received.at(-1)?.request.headers['ocr-timeout-ms'])
      assert.match(told, /^\d+$/)
      assert.ok(Number(told) >= least && Number(told) <= most, `${told} of ${leftMs}`)
    }
  })

  it('may send again what was refused a connection', async (t) => {
    const model = await recordingServer(t, answering(200, ''))
    await model.stop()
    const transport = transportTo(t, model.origin)
    await assert.rejects(transport.send(get, aCall()), mayBeSentAgain('model_unavailable'))
  })

  it('may send again what found no host of that name', async (t) => {
    const transport = transportTo(t, 'http://no-such-model.invalid')
    await assert.rejects(transport.send(get, aCall()), mayBeSentAgain('model_unavailable'))
  })

  it('may send again what got no connection in time', async (t) => {
    const origin = await fullPort(t)
    const calls = Array.from({ length: 4 }, () => transportTo(t, origin).send(get, aCall()))
    // The first ones stand in the queue, connected, and are never read.
    await assert.rejects(Promise.race(calls), mayBeSentAgain('model_unavailable'))
    for (const call of calls) call.catch(() => undefined)
  })

  it('may send again what broke a connection that was kept', async (t) => {
    const model = await recordingServer(t, inTurn(answering(200, ''), reset))
    const transport = transportTo(t, model.origin, 1)
    await transport.send(get, aCall())
    await assert.rejects(transport.send(get, aCall()), mayBeSentAgain('model_unavailable'))
    assert.equal(model.connections, 1)
  })

  it('may send again what a kept connection was closed on, without a reset', async (t) => {
    const close = inTurn(answering(200, ''), (request) => request.socket.end())
    const model = await recordingServer(t, close)
    const transport = transportTo(t, model.origin, 1)
    await transport.send(get, aCall())
    await assert.rejects(transport.send(get, aCall()), mayBeSentAgain('model_unavailable'))
  })

  it('does not send again what broke a new connection', async (t) => {
    const model = await recordingServer(t, reset)
    const transport = transportTo(t, model.origin)
    await assert.rejects(transport.send(get, aCall()), mayNotBeSentAgain('model_unavailable'))
  })

  it('does not send again what broke off within the answer', async (t) => {
    const model = await recordingServer(
      t,
      inTurn(answering(200, ''), (request, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('half an answer')
        setImmediate(() => request.socket.resetAndDestroy())
      }),
    )
    const transport = transportTo(t, model.origin, 1)
    await transport.send(get, aCall())
    await assert.rejects(transport.send(get, aCall()), mayNotBeSentAgain('model_unavailable'))
  })

  it('takes what is no HTTP for an answer that is none', async (t) => {
    const origin = await rawServer(t, (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'))
    const transport = transportTo(t, origin)
    await assert.rejects(transport.send(get, aCall()), mayNotBeSentAgain('bad_upstream'))
  })

  it('reads an answer of the largest size, and not one byte more', async (t) => {
    const largest = Buffer.alloc(maxAnswerBytes)
    const model = await recordingServer(
      t,
      inTurn(
        (_, response) => response.end(largest),
        // Without a length, so that it shows on the way.
        (_, response) => {
          response.write(largest)
          response.end('1')
        },
      ),
    )
    const transport = transportTo(t, model.origin)
    const { body } = await transport.send(get, aCall())
    assert.equal(body.length, maxAnswerBytes)
    await assert.rejects(transport.send(get, aCall()), {
      kind: 'output_too_large',
      message: 'The result has more than 1 MiB; ask for fewer pages at once.',
    })
  })

  it('reads long answers for which there is memory, and has it again afterwards', async (t) => {
    const answer = Buffer.alloc(maxAnswerBytes)
    const finish = Promise.withResolvers<void>()
    const model = await recordingServer(
      t,
      inTurn(
        (_, response) => {
          response.write(answer.subarray(1))
          void finish.promise.then(() => response.end('1'))
        },
        (_, response) => response.end(answer),
      ),
    )
    const answers = createAnswerMemory({ limitBytes: maxAnswerBytes })
    const transport = transportTo(t, model.origin, 4, answers)
    const first = transport.send(get, aCall())
    while (answers.heldBytes < maxAnswerBytes - 1) await sleep(5)
    await assert.rejects(transport.send(get, aCall()), mayNotBeSentAgain('overloaded'))
    finish.resolve()
    assert.equal((await first).body.length, maxAnswerBytes)
    assert.equal((await transport.send(get, aCall())).body.length, maxAnswerBytes)
    assert.equal(answers.heldBytes, 0)
  })

  it('does not read a long answer of somebody else to its end', async (t) => {
    let isCutOff = false
    const model = await recordingServer(t, (_, response) => {
      response.on('close', () => {
        isCutOff = !response.writableFinished
      })
      response.writeHead(404).write(Buffer.alloc(2 ** 20))
    })
    const transport = transportTo(t, model.origin)
    await assert.rejects(transport.send(get, aCall()), mayNotBeSentAgain('bad_upstream'))
    while (!isCutOff) await sleep(5)
  })

  it('hangs up when the signal aborts before the answer, and throws its reason', async (t) => {
    const closed = Promise.withResolvers<void>()
    const controller = new AbortController()
    const model = await recordingServer(t, (_, response) => {
      response.on('close', () => closed.resolve())
      controller.abort(gone)
    })
    const transport = transportTo(t, model.origin)
    await assert.rejects(transport.send(get, aCall({ signal: controller.signal })), gone)
    await closed.promise
  })

  it('hangs up when the signal aborts within the answer, and throws its reason', async (t) => {
    const closed = Promise.withResolvers<void>()
    const controller = new AbortController()
    const model = await recordingServer(t, (_, response) => {
      response.on('close', () => closed.resolve())
      response.write('half', () => setTimeout(() => controller.abort(gone), 20))
    })
    const transport = transportTo(t, model.origin)
    await assert.rejects(transport.send(get, aCall({ signal: controller.signal })), gone)
    await closed.promise
  })

  it('has no more connections than it may; further calls wait, and can be aborted meanwhile', async (t) => {
    const held: Array<() => void> = []
    const model = await recordingServer(t, (_, response) => {
      held.push(() => response.end('read'))
    })
    const transport = transportTo(t, model.origin, 3)
    const calls = Array.from({ length: 8 }, () => transport.send(get, aCall()))
    const controller = new AbortController()
    const waiting = transport.send(get, aCall({ signal: controller.signal }))
    while (held.length < 3) await sleep(5)
    await sleep(50)
    assert.equal(held.length, 3)
    controller.abort(gone)
    await assert.rejects(waiting, gone)
    let answered = 0
    while (answered < calls.length) {
      assert.ok(held.length <= 3, `${held.length} at once`)
      held.shift()?.()
      if (held.length < 3) await sleep(1)
      answered = await settled(calls)
    }
    await Promise.all(calls)
    assert.equal(model.connections, 3)
    assert.equal(model.received.length, 8)
  })
})

async function settled(calls: readonly Promise<unknown>[]): Promise<number> {
  const pending = Symbol()
  const states = await Promise.all(calls.map((call) => Promise.race([call, sleep(0, pending)])))
  return states.filter((state) => state !== pending).length
}
