import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { answerOf, podsAt, recordingOf } from '../fixtures/recordings.ts'
import { summaryOf } from './summary.ts'

/** From nothing to three pods and back. */
const breath = [
  podsAt(0, 0, 0),
  podsAt(2, 1, 1, 0),
  podsAt(4, 1, 3),
  podsAt(20, 1, 0),
  podsAt(25, 0, 0),
]

describe('the summary', () => {
  it('counts every request once', () => {
    const outcomes = ['read', 'read', 'refused', 'failed', 'read'] as const
    const answers = outcomes.map((outcome, index) => answerOf(index, 1, outcome))
    const { requests, read, refused, failed } = summaryOf(recordingOf({ answers }))
    assert.deepEqual([requests, read, refused, failed], [5, 3, 1, 1])
  })

  it('has the latency of what was read alone', () => {
    const answers = [answerOf(0, 1), answerOf(0, 2), answerOf(0, 3), answerOf(0, 99, 'failed')]
    const { p50, p95 } = summaryOf(recordingOf({ answers }))
    assert.deepEqual([p50, p95], [2, 3])
  })

  it('tells how pods came and went', () => {
    // The first to be answered is not the first that was sent.
    const answers = [answerOf(5, 1), answerOf(1.5, 6)]
    const summary = summaryOf(recordingOf({ answers, pods: breath }))
    assert.deepEqual(summary.mostPods, { gateway: 1, model: 3 })
    assert.equal(summary.firstAnswer, 6)
    assert.equal(summary.scaledUpAfter, 0.5)
    assert.equal(summary.backToZeroAfter, 25 - 7.5)
  })

  it('has no first answer after zero where there was a pod, or none was read', () => {
    const pods = [podsAt(0, 1, 0), podsAt(2, 1, 2)]
    assert.equal(summaryOf(recordingOf({ answers: [answerOf(1)], pods })).firstAnswer, null)
    const answers = [answerOf(1, 1, 'failed')]
    assert.equal(summaryOf(recordingOf({ answers, pods: breath })).firstAnswer, null)
  })

  it('does not say that pods are gone which are still there', () => {
    const pods = breath.slice(0, -1)
    assert.equal(summaryOf(recordingOf({ answers: [answerOf(1)], pods })).backToZeroAfter, null)
  })

  it('has nothing to say of a run without requests and pods', () => {
    const { requests, p50, p95, mostPods, firstAnswer, scaledUpAfter, backToZeroAfter } = summaryOf(
      recordingOf(),
    )
    assert.equal(requests, 0)
    for (const value of [p50, p95, mostPods, firstAnswer, scaledUpAfter, backToZeroAfter]) {
      assert.equal(value, null)
    }
  })
})
