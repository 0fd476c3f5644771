import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createSlots } from './slots.ts'

const { signal: never } = new AbortController()

describe('slots', () => {
  it('are given up to their number; the next waits until one is free', async () => {
    const slots = createSlots(2)
    const first = await slots.acquire(never)
    await slots.acquire(never)
    const third = slots.acquire(never)
    await Promise.resolve()
    assert.deepEqual([slots.busy, slots.waiting], [2, 1])
    first[Symbol.dispose]()
    await third
    assert.deepEqual([slots.busy, slots.waiting], [2, 0])
  })

  it('are given in the order of asking', async () => {
    const slots = createSlots(1)
    const order: number[] = []
    const first = await slots.acquire(never)
    const rest = [1, 2, 3].map(async (number) => {
      using _slot = await slots.acquire(never)
      order.push(number)
    })
    first[Symbol.dispose]()
    await Promise.all(rest)
    assert.deepEqual(order, [1, 2, 3])
    assert.equal(slots.busy, 0)
  })

  it('are given to the keys in turn, so that a flood under one keeps nobody under another', async () => {
    const slots = createSlots(1)
    const order: string[] = []
    const first = await slots.acquire(never)
    const ask = async (key: string) => {
      using _slot = await slots.acquire(never, key)
      order.push(key)
    }
    const asked = [...Array<string>(20).fill('eng'), 'deu', 'deu', 'fra'].map(ask)
    first[Symbol.dispose]()
    await Promise.all(asked)
    assert.deepEqual(order.slice(0, 6), ['eng', 'deu', 'fra', 'eng', 'deu', 'eng'])
    assert.equal(order.length, 23)
    assert.deepEqual([slots.busy, slots.waiting], [0, 0])
  })

  it('are given back once, however often that is said', async () => {
    const slots = createSlots(1)
    const slot = await slots.acquire(never)
    slot[Symbol.dispose]()
    slot[Symbol.dispose]()
    assert.equal(slots.busy, 0)
  })

  it('are not lost to a wait that was aborted', async () => {
    const slots = createSlots(1)
    const first = await slots.acquire(never)
    const controller = new AbortController()
    const aborted = slots.acquire(controller.signal)
    const patient = slots.acquire(never)
    controller.abort('gone')
    await assert.rejects(aborted, (reason) => reason === 'gone')
    assert.equal(slots.waiting, 1)
    first[Symbol.dispose]()
    const slot = await patient
    slot[Symbol.dispose]()
    assert.equal(slots.busy, 0)
  })

  it('are given to others when all who waited under a key have gone', async () => {
    const slots = createSlots(1)
    const first = await slots.acquire(never)
    const controller = new AbortController()
    const gone = [1, 2].map(() => slots.acquire(controller.signal, 'deu'))
    const patient = slots.acquire(never, 'eng')
    controller.abort('gone')
    await Promise.all(gone.map((one) => assert.rejects(one, (reason) => reason === 'gone')))
    assert.equal(slots.waiting, 1)
    first[Symbol.dispose]()
    using _slot = await patient
    assert.deepEqual([slots.busy, slots.waiting], [1, 0])
  })

  it('are not taken for a signal that has aborted before', async () => {
    const slots = createSlots(1)
    await assert.rejects(slots.acquire(AbortSignal.abort('gone')))
    assert.equal(slots.busy, 0)
  })
})
