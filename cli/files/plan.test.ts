import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { parseCommand } from '../command/arguments.ts'
import { planWork } from './plan.ts'

describe('planWork', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ocr-plan-'))
    for (const name of ['a.png', 'b.png']) writeFileSync(join(folder, name), 'x')
  })
  after(() => rmSync(folder, { recursive: true }))

  const plan = async (args: string[], terminals: { stdin?: boolean; stdout?: boolean } = {}) => {
    const command = parseCommand(args, {})
    assert.ok(command.action === 'read')
    return planWork(command, {
      stdin: { isTTY: terminals.stdin ?? false },
      stdout: { isTTY: terminals.stdout ?? false },
    })
  }
  const refused = (message: RegExp) => ({ name: 'UsageError', message })

  it('reads the standard input when there is no file, unless that is a terminal', async () => {
    const { inputs } = await plan([])
    assert.deepEqual(
      inputs.map(({ label }) => label),
      ['standard input'],
    )
    await assert.rejects(plan([], { stdin: true }), refused(/^Name a file/))
  })

  it('reads the standard input at a terminal when it is told to', async () => {
    assert.equal((await plan(['-'], { stdin: true })).inputs.length, 1)
  })

  it('refuses to read the standard input twice', async () => {
    await assert.rejects(plan(['-', '-']), refused(/can be read once/))
  })

  for (const format of ['text', 'json', 'ndjson']) {
    it(`prints several files in ${format}`, async () => {
      assert.equal((await plan(['-f', format, folder])).targets, undefined)
    })
  }

  for (const format of ['hocr', 'tsv', 'alto', 'pdf']) {
    it(`prints one file in ${format} but not several, which it writes`, async () => {
      const [one, two] = [join(folder, 'a.png'), join(folder, 'b.png')]
      assert.equal((await plan(['-f', format, one])).inputs.length, 1)
      await assert.rejects(plan(['-f', format, one, two]), refused(/need --write/))
      assert.equal((await plan(['-w', '-f', format, one, two])).targets?.size, 2)
    })
  }

  it('does not print a PDF on a terminal', async () => {
    await assert.rejects(plan(['-f', 'pdf', '-'], { stdout: true }), refused(/not for a terminal/))
    assert.equal((await plan(['-f', 'hocr', '-'], { stdout: true })).inputs.length, 1)
  })
})
