import { spawnSync } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { root } from './setup.mjs'

// Commands as the scripts run and print them. No shell reads them when they run, so nothing that a user gives can be more
// than an argument; what is printed is quoted for one.

/**
 * A program and its arguments.
 * @typedef {readonly string[]} Argv
 */

/**
 * `from` is a program whose output becomes the input.
 * @typedef {{ argv: Argv, from?: Argv }} Command
 */

/**
 * `isShown`: what it prints goes to the terminal as it comes, and is not kept.
 * @typedef {{ timeoutMs: number, env: NodeJS.ProcessEnv, isShown?: boolean }} Execution
 */

/**
 * `output` is what it wrote to both of its outputs, `stdout` to the first alone, `notes` what `from` told beside its
 * output.
 * @typedef {{ isGood: boolean, stdout: string, output: string, notes: string }} Outcome
 */

/** @param {Argv} argv */
export const command = (...argv) => ({ argv })

/**
 * Runs a command to its end, in the root of the repository.
 * @param {Command} command
 * @param {Execution} execution
 * @returns {Outcome}
 */
export function execute({ argv, from }, execution) {
  if (!from) return { ...spawned(argv, execution), notes: '' }
  const source = spawned(from, { ...execution, isShown: false })
  // A consumer would take the missing input for an empty one.
  if (!source.isGood) return { ...source, notes: '' }
  return { ...spawned(argv, execution, source.stdout), notes: source.stderr }
}

/**
 * @param {Argv} argv
 * @param {Execution} execution
 */
function spawned([program = '', ...args], { timeoutMs, env, isShown = false }, input = '') {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: root,
    env,
    encoding: 'utf8',
    input,
    timeout: Math.max(1, timeoutMs),
    killSignal: 'SIGKILL',
    maxBuffer: 2 ** 26,
    stdio: isShown ? ['pipe', 'inherit', 'inherit'] : 'pipe',
  })
  const isLate = error && 'code' in error && error.code === 'ETIMEDOUT'
  const trouble = isLate ? 'It took too long, and was ended.\n' : error ? `${error.message}\n` : ''
  const output = `${stdout ?? ''}${stderr ?? ''}${trouble}`
  return { isGood: status === 0 && !error, stdout: stdout ?? '', stderr: stderr ?? '', output }
}

/**
 * Whether a program is on the PATH.
 * @param {string} program
 * @param {NodeJS.ProcessEnv} env
 */
export function isInstalled(program, { PATH = '' } = process.env) {
  return PATH.split(delimiter).some((folder) => isExecutable(join(folder, program)))
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/**
 * A command as a line for a shell.
 * @param {Command} command
 */
export function line({ argv, from }) {
  return [from, argv].flatMap((part) => (part ? [part.map(quoted).join(' ')] : [])).join(' | ')
}

/**
 * A command for a shell in lines of at most `width` characters, as far as its words allow.
 * @param {Command} command
 * @param {number} width
 */
export function lines({ argv, from }, width) {
  const words = [...(from ? [...from.map(quoted), '|'] : []), ...argv.map(quoted)]
  return words
    .reduce(
      ([last = '', ...others], word) =>
        last === ''
          ? [word]
          : `${last} ${word} \\`.length <= width
            ? [`${last} ${word}`, ...others]
            : [`  ${word}`, `${last} \\`, ...others],
      /** @type {string[]} */ ([]),
    )
    .reverse()
}

/** @param {string} word */
function quoted(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
