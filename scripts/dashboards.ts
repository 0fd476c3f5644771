import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dashboards } from '../observability/dashboards/index.ts'

/** The text of every dashboard, by the file that holds it. */
export const dashboardFiles: ReadonlyMap<string, string> = new Map(
  dashboards.map(({ file, json }) => [
    `observability/dashboards/json/${file}`,
    `${JSON.stringify(json, null, 2)}\n`,
  ]),
)

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of dashboardFiles) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
}
