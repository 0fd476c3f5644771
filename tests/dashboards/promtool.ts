import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { promtool } from '../observability/promtool.ts'
import { withDurations } from './expressions.ts'

export const hasPromtool = spawnSync('promtool', ['--version']).status === 0

/**
 * Has Prometheus' own tool read expressions, which knows the types of functions as well.
 * @throws Error with what it says
 */
export function checkByPromtool(expressions: readonly string[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'expressions-'))
  try {
    const file = join(folder, 'rules.yaml')
    const rules = expressions.map((expression, index) => ({
      record: `dashboard:panel:${index}`,
      expr: withDurations(expression),
    }))
    writeFileSync(file, stringify({ groups: [{ name: 'dashboards', rules }] }))
    promtool('check', 'rules', file)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
