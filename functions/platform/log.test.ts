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

  it('tells in every line that a request leads to its id, and in no other', () => {
    const lines = printed(
      'info',
      `const { inRequest } = await import('./functions/platform/log.ts')
      const { setTimeout: pause } = await import('node:timers/promises')
      const page = async (number) => { await pause(1); log.info({ number }) }
      await Promise.all([1, 2].map((number) => inRequest('r' + number, () => page(number))))
      log.info({ number: 0 })`,
    )
    const told = lines.map(({ number, requestId }) => [number, requestId])
    assert.deepEqual(told.sort(), [
      [0, undefined],
      [1, 'r1'],
      [2, 'r2'],
    ])
  })

  it('leaves out what is below its level', () => {
    assert.deepEqual(printed('error', `log.warn('hidden')`), [])
  })
})
