import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'

/** Runs lines of code with a `log` in a process of its own and returns what it printed. */
function printed(level: string, code: string): Array<Record<string, unknown>> {
  const script = `import { createLog } from './functions/platform/log.ts'
    const log = createLog({ service: 'gateway', level: '${level}' })
    ${code}`
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script]
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

describe('the log', () => {
  it('writes one JSON object per line, whatever is in the message', () => {
    const lines = printed('info', `log.info({ a: 1 }, 'two\\nlines'); log.warn('next')`)
    assert.deepEqual(
      lines.map(({ time, ...rest }) => rest),
      [
        { level: 'info', service: 'gateway', a: 1, msg: 'two\nlines' },
        { level: 'warn', service: 'gateway', msg: 'next' },
      ],
    )
    assert.match(String(lines[0]?.['time']), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
  })

  it('leaves out what is below its level', () => {
    assert.deepEqual(printed('error', `log.warn('hidden')`), [])
  })
})
