import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

const schema = join(import.meta.dirname, 'grafana-schema.ts')
const tsconfig = join(import.meta.dirname, '../../tsconfig.json')

/**
 * What the compiler says of dashboards that are written as literals of Grafana's own types, since those have no JSON
 * Schema.
 * @param dashboards their JSON, by names
 * @returns the first complaint about each that is wrong, by its name
 */
export function typeErrorsOf(dashboards: ReadonlyMap<string, string>): Map<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'dashboards-'))
  try {
    for (const [name, json] of dashboards) {
      const source = `import type { DashboardJson } from '${schema}'
export const dashboard: DashboardJson = ${json}`
      writeFileSync(join(folder, `${name}.mts`), source)
    }
    const project = { extends: tsconfig, compilerOptions: { types: [] }, include: ['*.mts'] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(project))
    return complaints(spawnSync('tsc', ['-p', folder, '--pretty', 'false'], { encoding: 'utf8' }))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function complaints(ended: { readonly status: number | null; readonly stdout: string }) {
  const first = new Map<string, string>()
  for (const [, file = '', message = ''] of ended.stdout.matchAll(/^(.+)\(\d+,\d+\): (.*)$/gm)) {
    const name = basename(file, '.mts')
    if (!first.has(name)) first.set(name, message)
  }
  if (ended.status !== 0 && first.size === 0) throw new Error(`tsc failed: ${ended.stdout}`)
  return first
}
