import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { summaryOf } from '../figures/summary.ts'
import { answerOf, podsAt, recordingOf } from '../fixtures/recordings.ts'
import { summaryText } from './summary-text.ts'

describe('the text of a summary', () => {
  it('has the totals, why requests failed, and how pods came and went', () => {
    const answers = [answerOf(1, 2), answerOf(2, 1, 'failed'), answerOf(3, 1, 'refused')]
    const pods = [podsAt(0, 0, 0), podsAt(1.5, 1, 2), podsAt(9, 0, 0)]
    const summary = summaryOf(recordingOf({ answers, pods, heldBack: 3 }))
    assert.deepEqual(
      summaryText(summary, answers)
        .split('\n')
        .map((line) => line.split(/ {2,}/)),
      [
        ['requests', '3: 1 read, 1 refused, 1 failed'],
        ['', 'status 502, once'],
        ['never sent', '3, because too many were under way'],
        ['latency', 'p50 2.00 s, p95 2.00 s'],
        ['most pods', 'gateway 1, model 2'],
        ['first answer from zero', '2.00 s'],
        ['model scaled up after', '0.50 s'],
        ['back to zero after', '5.00 s'],
      ],
    )
  })

  it('has a dash for what was not seen', () => {
    const text = summaryText(summaryOf(recordingOf()), [])
    assert.match(text, /p50 –, p95 –\nmost pods +–\nfirst answer from zero +–/)
    assert.doesNotMatch(text, /never sent|null/)
  })
})
