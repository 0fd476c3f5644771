import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createProcessMetrics } from './process-metrics.ts'

describe('the metrics of Node and of the process', () => {
  it('count CPU time from the start of the process', async () => {
    const registry = createProcessMetrics()
    const text = await registry.metrics()
    const value = (name: string) => Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1])
    const { user, system } = process.cpuUsage()
    const almost = (name: string, microseconds: number) =>
      assert.ok(Math.abs(value(name) - microseconds / 1e6) < 0.1, name)
    assert.ok(user > 0.1e6, 'the start of this process took some time')
    almost('process_cpu_user_seconds_total', user)
    almost('process_cpu_system_seconds_total', system)
    almost('process_cpu_seconds_total', user + system)
  })

  it('have no gauge that is named like a counter', async () => {
    const text = await createProcessMetrics().metrics()
    assert.match(text, /^nodejs_active_handles\{type="/m)
    for (const [, name = '', kind] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
      assert.equal(name.endsWith('_total'), kind === 'counter', name)
    }
  })
})
