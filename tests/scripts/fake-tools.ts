import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** What a fake program says to calls that hold `when`. The first that fits answers. */
export interface Answer {
  readonly when: string
  readonly stdout?: string
  readonly stderr?: string
  readonly status?: number
  readonly hangs?: boolean
  /** How often it does, if not always. */
  times?: number
}

export interface Call {
  readonly argv: readonly string[]
  readonly input: string
}

/** Programs of these names in a folder of their own, which is the whole PATH of what runs with them. */
export function createFakeTools(names: readonly string[], answers: readonly Answer[] = []) {
  const folder = mkdtempSync(join(tmpdir(), 'fake-tools-'))
  const tool = resolve('tests/scripts/fixtures/fake-tool.mjs')
  for (const name of names) {
    const path = join(folder, name)
    writeFileSync(
      path,
      `#!/bin/sh\nexec '${process.execPath}' '${tool}' '${folder}' ${name} "$@"\n`,
    )
    chmodSync(path, 0o755)
  }
  writeFileSync(join(folder, 'answers.json'), JSON.stringify(answers))
  const env = { ...process.env, PATH: folder }
  return {
    env,
    /** Runs a script of ours with them, and returns what it printed. */
    run: (script: string, ...args: string[]) => {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [`scripts/${script}`, ...args],
        {
          env,
          encoding: 'utf8',
          timeout: 60_000,
        },
      )
      return { status, stdout, stderr }
    },
    /** Every call so far. */
    calls: (): Call[] => {
      const path = join(folder, 'calls')
      const lines = existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : []
      return lines.map((line) => JSON.parse(line) as Call)
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  }
}

/** The calls that change something, as lines. */
export const changes = (calls: readonly Call[]): string[] =>
  calls
    .map(({ argv }) => argv.join(' '))
    .filter((call) => !/^\S+ (?:--(?:kube-)?context=\S+ )?(?:get|version|status|list) /.test(call))
