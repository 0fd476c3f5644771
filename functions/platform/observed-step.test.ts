import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ErrorKind, OcrError } from '../contract/errors.ts'
import { observeStep, type StepEnd } from './observed-step.ts'
import type { Span } from './telemetry/tracing.ts'

/** A span that notes what happens to it, as does whoever is told. */
function observer() {
  const seen: string[] = []
  const span: Span = {
    headers: {},
    rename: () => undefined,
    set: () => undefined,
    run(work) {
      seen.push('run')
      return work()
    },
    end: (error?: ErrorKind) => void seen.push(`span ended: ${error}`),
  }
  const onEnd = ({ seconds, error }: StepEnd) => {
    assert.ok(seconds >= 0 && seconds < 60)
    seen.push(`told: ${error}`)
  }
  return { seen, span, onEnd }
}

describe('a step that is observed', () => {
  it('gives what the work gives, inside of its span', async () => {
    const { seen, ...step } = observer()
    assert.equal(await observeStep(step, async () => 'done'), 'done')
    assert.deepEqual(seen, ['run', 'told: undefined', 'span ended: undefined'])
  })

  for (const [thrown, kind] of [
    [new OcrError('overloaded', 'Busy.'), 'overloaded'],
    [new TypeError('no such thing'), 'internal'],
  ] as const) {
    it(`throws what the work throws, and tells ${kind}`, async () => {
      const { seen, ...step } = observer()
      await assert.rejects(
        observeStep(step, () => Promise.reject(thrown)),
        (error) => error === thrown,
      )
      assert.deepEqual(seen, ['run', `told: ${kind}`, `span ended: ${kind}`])
    })
  }

  it('may have failed although nothing was thrown', async () => {
    const { seen, ...step } = observer()
    const errorIn = (): ErrorKind => 'page_timeout'
    assert.equal(await observeStep({ ...step, errorIn }, async () => 'half'), 'half')
    assert.deepEqual(seen, ['run', 'told: page_timeout', 'span ended: page_timeout'])
  })
})
