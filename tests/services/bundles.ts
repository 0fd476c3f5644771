import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from './start.ts'

const bundles = new Map<string, Command>()

/** The command that runs a service's bundle, which is made when it is first wanted and removed at the exit. */
export function bundled(service: 'model' | 'gateway'): Command {
  const known = bundles.get(service)
  if (known) return known
  const folder = mkdtempSync(join(tmpdir(), `ocr-${service}-`))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  execFileSync(process.execPath, ['scripts/bundle.mjs', service, folder])
  const command: Command = [process.execPath, ...nodeFlags(service), join(folder, 'main.js')]
  bundles.set(service, command)
  return command
}

/** The flags that the image has Node run with. */
function nodeFlags(service: string): string[] {
  const [, list] = /^CMD (\[.*\])$/m.exec(readFileSync(`Dockerfile.${service}`, 'utf8')) ?? []
  if (!list) throw new Error(`Dockerfile.${service} has no CMD on a line.`)
  return (JSON.parse(list) as string[]).filter((word) => word.startsWith('--'))
}
