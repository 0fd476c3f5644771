import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { learnsFromPages } from './language-data.ts'

const newer = { version: '', hasLegacy: false }
const older = { version: '', hasLegacy: true }

describe('an engine', () => {
  it('learns from pages in every mode that may do without LSTM, if a language has data for that', () => {
    const languages = new Map([
      ['eng', newer],
      ['deu', older],
    ])
    const learning = [0, 1, 2, 3].filter((oem) => learnsFromPages(oem, languages))
    assert.deepEqual(learning, [0, 2, 3])
  })

  it('learns nothing where all data are for LSTM', () => {
    assert.equal(learnsFromPages(3, [['eng', newer]]), false)
  })
})
