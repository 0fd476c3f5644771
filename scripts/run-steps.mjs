import { execute, isInstalled, line } from './commands.mjs'
import { say } from './setup.mjs'

/** @typedef {import('./commands.mjs').Command} Command */
/** @typedef {import('./steps.mjs').Step} Step */
/** @typedef {import('./steps.mjs').Ask} Ask */

/** Where programs are had from, in the message that one is missing. */
const homes = new Map([
  ['kubectl', 'https://kubernetes.io/docs/tasks/tools/'],
  ['helm', 'https://helm.sh/docs/intro/install/'],
  ['minikube', 'https://minikube.sigs.k8s.io/docs/start/'],
  ['kind', 'https://kind.sigs.k8s.io/docs/user/quick-start/'],
  ['docker', 'https://docs.docker.com/engine/install/'],
  ['podman', 'https://podman.io/docs/installation'],
])

/** What the API server and what stands behind it say while they start; it is gone after a moment. */
const passing =
  /failed calling webhook|connection refused|no matches for kind|conditions accessor error|unable to handle the request|TLS handshake timeout|i\/o timeout/i
const pauseMs = 2000
const askMs = 30_000

/**
 * Goes the steps in their order, a line for each.
 * @param {readonly Step[]} steps
 * @param {{ env: NodeJS.ProcessEnv }} settings
 * @throws {Error} which says what failed, what it printed last and what to look at
 */
export function runSteps(steps, { env }) {
  requirePrograms(steps, env)
  const ask = asking(env)
  for (const [index, step] of steps.entries()) {
    process.stdout.write(`${index + 1}/${steps.length} ${step.name}: ${step.what} … `)
    const begin = Date.now()
    const obstacle = step.obstacle?.(ask)
    if (obstacle) throw new Error(`failed\n\n${obstacle}`)
    if (step.isDone?.(ask)) {
      say('already there')
      continue
    }
    if (step.isShown) say('')
    const notes = step.commands.map((command) => run(command, step, { begin, env })).join('')
    say(`${step.isShown ? `${step.name} ` : ''}done in ${seconds(begin)}`)
    if (notes) say(`\n${notes}`)
  }
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Ask}
 */
export function asking(env) {
  return (...argv) => {
    const { isGood, stdout } = execute({ argv }, { env, timeoutMs: askMs })
    return isGood ? stdout : undefined
  }
}

/**
 * Runs a command until it succeeds, or fails by more than what passes, or the time of its step is over.
 * @param {Command} command
 * @param {Step} step
 * @param {{ begin: number, env: NodeJS.ProcessEnv }} settings
 */
function run(command, { minutes, look, isShown = false }, { begin, env }) {
  const end = begin + minutes * 60_000
  for (;;) {
    const { isGood, output, notes } = execute(command, {
      env,
      timeoutMs: end - Date.now(),
      isShown,
    })
    if (isGood) return notes
    if (!passing.test(output) || Date.now() + pauseMs > end) {
      const last = output.trimEnd().split('\n').slice(-15).join('\n')
      throw new Error(
        `failed after ${seconds(begin)}\n\n$ ${line(command)}\n${last}\n\nLook at: ${look}`,
      )
    }
    sleep(pauseMs)
  }
}

/** @param {number} milliseconds */
function sleep(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}

/** @param {number} begin */
const seconds = (begin) => `${Math.round((Date.now() - begin) / 1000)} s`

/**
 * @param {readonly Step[]} steps
 * @param {NodeJS.ProcessEnv} env
 */
function requirePrograms(steps, env) {
  const programs = steps.flatMap(({ commands }) =>
    commands.flatMap(({ argv, from = [] }) => [...from.slice(0, 1), ...argv.slice(0, 1)]),
  )
  const missing = [...new Set(programs)].filter((program) => !isInstalled(program, env))
  if (missing.length === 0) return
  const hints = missing.map((program) => {
    const home = homes.get(program)
    return `${program} is needed, and is not on the PATH${home ? `: ${home}` : ''}`
  })
  throw new Error(hints.join('\n'))
}
