import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeFlags } from '../../scripts/service-environment.mjs'
import type { Command } from './start.ts'

const bundles = new Map<string, Command>()

/** The command that runs a service's bundle, which is made when it is first wanted and removed at the exit. */
export function bundled(service: 'model' | 'gateway'): Command {
  const known = bundles.get(service)
  if (known) return known
  const folder = mkdtempSync(join(tmpdir(), `ocr-${service}-`))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  execFileSync(process.execPath, ['scripts/bundle.mjs', service, folder])
  const command: Command = [process.execPath, ...nodeFlags, join(folder, 'main.js')]
  bundles.set(service, command)
  return command
}
