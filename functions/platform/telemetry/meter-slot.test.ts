import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createNoopMeter } from '@opentelemetry/api'
import { createMeterSlot, mostKept } from './meter-slot.ts'

const meter = createNoopMeter()

describe('the slot of a meter', () => {
  it('does what was wanted of the meter when it comes, in order, and before what was recorded', () => {
    const slot = createMeterSlot()
    const done: string[] = []
    slot.keep(() => done.push('first record'))
    slot.use(() => done.push('first use'))
    slot.use(() => done.push('second use'))
    slot.keep(() => done.push('second record'))
    assert.deepEqual(done, [])
    slot.attach(meter)
    assert.deepEqual(done, ['first use', 'second use', 'first record', 'second record'])
  })

  it('does at once what is wanted of a meter that is there', () => {
    const slot = createMeterSlot()
    slot.attach(meter)
    let used: unknown
    slot.use((given) => {
      used = given
    })
    assert.equal(used, meter)
  })

  it('keeps so many records and none beyond; what else is wanted of the meter is not among them', () => {
    const slot = createMeterSlot()
    let [records, uses] = [0, 0]
    for (let count = 0; count < mostKept + 1; count++) slot.keep(() => records++)
    slot.use(() => uses++)
    slot.attach(meter)
    assert.equal(records, mostKept)
    assert.equal(uses, 1)
  })

  it('keeps nothing once there is to be no meter', () => {
    const slot = createMeterSlot()
    let done = 0
    slot.use(() => done++)
    slot.keep(() => done++)
    slot.discard()
    slot.use(() => done++)
    slot.keep(() => done++)
    slot.attach(meter)
    assert.equal(done, 0)
  })
})
