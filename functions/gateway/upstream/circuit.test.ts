import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ErrorKind, OcrError } from '../../contract/errors.ts'
import { createCircuit } from './circuit.ts'

const openMs = 30
const { signal } = new AbortController()
const refused = { kind: 'model_unavailable', message: /send the request again later/ }

const failing = (kind: ErrorKind) => () => Promise.reject(new OcrError(kind, `Is ${kind}.`))
const passing = () => Promise.resolve('read')

function circuitOf(changes: { openMs?: number; trialMs?: number } = {}) {
  const lines: string[] = []
  const noting =
    (level: string) =>
    (...line: unknown[]) => {
      lines.push(`${level}: ${line.at(-1)}`)
    }
  const log = { info: noting('info'), warn: noting('warn') }
  const circuit = createCircuit({ failures: 3, openMs, trialMs: 1_000, log, ...changes })
  const fail = async (kind: ErrorKind, times: number) => {
    for (let time = 0; time < times; time++) {
      await assert.rejects(circuit.run(signal, failing(kind)), { kind, message: `Is ${kind}.` })
    }
  }
  return { circuit, lines, fail }
}

/** A circuit that has opened, and whose next call is the trial. */
async function halfOpen(changes: { trialMs?: number } = {}) {
  const parts = circuitOf(changes)
  await parts.fail('model_unavailable', 3)
  await sleep(openMs + 5)
  return parts
}

describe('the circuit', () => {
  for (const kind of [
    'model_unavailable',
    'bad_upstream',
    'engine_unavailable',
    'not_ready',
  ] as const) {
    it(`opens after as many ${kind} in a row as it is told, and not before`, async () => {
      const { circuit, fail } = circuitOf({ openMs: 60_000 })
      await fail(kind, 2)
      assert.equal(circuit.isOpen, false)
      await fail(kind, 1)
      assert.equal(circuit.isOpen, true)
    })
  }

  it('is half open from when it may be tried until the trial is over', async () => {
    const { circuit, fail } = circuitOf()
    const state = () => circuit.state
    assert.equal(state(), 'closed')
    await fail('model_unavailable', 3)
    // Even if nobody calls.
    while (state() !== 'half_open') await sleep(5)
    const answer = Promise.withResolvers<string>()
    const trial = circuit.run(signal, () => answer.promise)
    assert.equal(state(), 'half_open')
    answer.resolve('read')
    await trial
    assert.equal(state(), 'closed')
  })

  it('is open for as long as it refuses calls', async () => {
    const { circuit, fail } = circuitOf({ openMs: 60_000 })
    await fail('model_unavailable', 3)
    assert.equal(circuit.state, 'open')
  })

  it('refuses calls while it is open without making them, and tells when to come back', async () => {
    const { circuit, fail } = circuitOf({ openMs: 9_500 })
    await fail('model_unavailable', 3)
    const call = circuit.run(signal, () => assert.fail('was called'))
    await assert.rejects(call, { ...refused, retryAfterSeconds: 10 })
  })

  it('tells to come back in a second at least', async () => {
    const { circuit, fail } = circuitOf({ openMs: 300 })
    await fail('model_unavailable', 3)
    await assert.rejects(circuit.run(signal, passing), { ...refused, retryAfterSeconds: 1 })
  })

  for (const kind of ['deadline_exceeded', 'overloaded'] as const) {
    it(`takes ${kind} neither for a failure nor for a success`, async () => {
      const { circuit, fail } = circuitOf()
      await fail(kind, 10)
      await fail('model_unavailable', 2)
      await fail(kind, 10)
      assert.equal(circuit.isOpen, false)
      await fail('model_unavailable', 1)
      assert.equal(circuit.isOpen, true)
    })
  }

  it('starts to count anew when the model has answered, with an error or without', async () => {
    const { circuit, fail } = circuitOf()
    await fail('model_unavailable', 2)
    await circuit.run(signal, passing)
    await fail('model_unavailable', 2)
    await fail('undecodable_image', 1)
    await fail('model_unavailable', 2)
    assert.equal(circuit.isOpen, false)
  })

  it('does not count calls that were aborted, nor mistakes of ours', async () => {
    const { circuit, fail } = circuitOf()
    await fail('model_unavailable', 2)
    const aborted = AbortSignal.abort()
    await assert.rejects(circuit.run(aborted, failing('model_unavailable')))
    await assert.rejects(circuit.run(signal, () => Promise.reject(new TypeError('ours'))))
    assert.equal(circuit.isOpen, false)
    await fail('model_unavailable', 1)
    assert.equal(circuit.isOpen, true)
  })

  it('closes when a trial finds the model', async () => {
    const { circuit } = await halfOpen()
    assert.equal(await circuit.run(signal, passing), 'read')
    assert.equal(await circuit.run(signal, passing), 'read')
  })

  it('closes when a trial finds a model that has no room or no time', async () => {
    for (const kind of ['overloaded', 'deadline_exceeded'] as const) {
      const { circuit, fail } = await halfOpen()
      await fail(kind, 1)
      assert.equal(await circuit.run(signal, passing), 'read')
    }
  })

  it('opens again when a trial does not find the model', async () => {
    const { circuit, fail } = await halfOpen()
    await fail('model_unavailable', 1)
    await assert.rejects(circuit.run(signal, passing), refused)
    await sleep(openMs + 5)
    assert.equal(await circuit.run(signal, passing), 'read')
  })

  it('refuses at once what comes during a trial', async () => {
    const { circuit } = await halfOpen()
    const found = Promise.withResolvers<string>()
    const trial = circuit.run(signal, () => found.promise)
    for (let call = 0; call < 10; call++)
      await assert.rejects(circuit.run(signal, passing), refused)
    found.resolve('read')
    assert.equal(await trial, 'read')
    assert.equal(await circuit.run(signal, passing), 'read')
  })

  it('lets the others through when a trial is slow, and gives its answer in the end', async () => {
    const { circuit } = await halfOpen({ trialMs: 20 })
    const found = Promise.withResolvers<string>()
    const trial = circuit.run(signal, () => found.promise)
    await assert.rejects(circuit.run(signal, passing), refused)
    await sleep(40)
    assert.equal(await circuit.run(signal, passing), 'read')
    found.resolve('read late')
    assert.equal(await trial, 'read late')
  })

  it('gives the next call a trial at once when one was aborted', async () => {
    const { circuit } = await halfOpen()
    const controller = new AbortController()
    const found = Promise.withResolvers<string>()
    const trial = circuit.run(controller.signal, () => found.promise)
    controller.abort()
    found.reject(new OcrError('client_gone', 'Gone.'))
    await assert.rejects(trial, { kind: 'client_gone' })
    const next = Promise.withResolvers<string>()
    const second = circuit.run(signal, () => next.promise)
    await assert.rejects(circuit.run(signal, passing), refused)
    next.resolve('read')
    assert.equal(await second, 'read')
  })

  it('logs that it opens and that it closes, and not the trials between', async () => {
    const { circuit, lines, fail } = await halfOpen()
    for (let trial = 0; trial < 3; trial++) {
      await fail('model_unavailable', 1)
      await sleep(openMs + 5)
    }
    await circuit.run(signal, passing)
    await circuit.run(signal, passing)
    assert.deepEqual(lines, [
      'warn: the model is not there: calls are refused until one finds it',
      'info: the model is there again',
    ])
  })
})
