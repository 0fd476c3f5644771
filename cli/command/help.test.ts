import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formats } from '../../functions/contract/answer-formats.ts'
import { optionNames } from '../../functions/contract/options.ts'
import { exitCodes } from './exit-codes.ts'
import { flagOf } from './flags.ts'
import { helpText } from './help.ts'

describe('helpText', () => {
  const help = helpText()

  it('has every option, every format and every exit code', () => {
    for (const name of optionNames) assert.match(help, new RegExp(`--${flagOf(name)}\\b`))
    for (const format of formats) assert.match(help, new RegExp(`^  ${format} `, 'm'))
    for (const { code, meaning } of Object.values(exitCodes)) {
      assert.match(help, new RegExp(`^  ${code} +${meaning}`, 'm'))
    }
  })

  it('fits a terminal of 100 columns and has no marks of code', () => {
    for (const line of help.split('\n')) assert.ok(line.length <= 100, line)
    assert.doesNotMatch(help, /`/)
  })
})
