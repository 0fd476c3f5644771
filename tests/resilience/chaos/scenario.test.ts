import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { defineScenario } from './scenario.ts'

const scenario = defineScenario({
  flags: { times: 50, through: 'model' },
  short: { times: 2 },
  run: async (flags) => ({ figures: flags, goals: {} }),
})

const flagsOf = async (given: Record<string, string>, form: 'full' | 'short') =>
  (await scenario.run(given, form)).figures

describe('the flags of a scenario', () => {
  it('are its own where none are given, and others in the short form', async () => {
    assert.deepEqual(await flagsOf({}, 'full'), { times: 50, through: 'model' })
    assert.deepEqual(await flagsOf({}, 'short'), { times: 2, through: 'model' })
  })

  it('are those that are given, whatever the form', async () => {
    const given = { times: '7', through: 'gateway' }
    assert.deepEqual(await flagsOf(given, 'short'), { times: 7, through: 'gateway' })
  })

  it('are refused when it does not have them, or when one is no number above 0', () => {
    assert.throws(() => scenario.run({ every: '5' }, 'full'), /--every is none of: times, through/)
    for (const times of ['0', 'many', 'Infinity']) {
      assert.throws(() => scenario.run({ times }, 'full'), /--times is .*a number above 0/)
    }
  })
})
