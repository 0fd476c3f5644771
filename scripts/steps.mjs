import { lines } from './commands.mjs'

// A way in steps, each of which says whether it has been gone already. The same list is run, and printed for those who
// would rather go by hand.

/** @typedef {import('./commands.mjs').Argv} Argv */
/** @typedef {import('./commands.mjs').Command} Command */

/**
 * Asks a program; nothing if it fails.
 * @typedef {(...argv: Argv) => string | undefined} Ask
 */

/**
 * @typedef {object} Step
 * @property {string} name as it is chosen by
 * @property {string} what it brings
 * @property {readonly Command[]} commands each can be run again
 * @property {(ask: Ask) => boolean} [isDone] whether all that it brings is there
 * @property {(ask: Ask) => string | undefined} [obstacle] why it cannot be done here
 * @property {number} minutes that it may take, all commands and waits together
 * @property {string} look what to look at when it fails
 * @property {boolean} [isShown] what its programs print is shown
 */

/**
 * The steps as commands for a shell, a comment before each step.
 * @param {readonly Step[]} steps
 * @param {{ width?: number }} [layout] of the lines; without it each command is one
 */
export function asScript(steps, { width = Number.POSITIVE_INFINITY } = {}) {
  return steps
    .map(({ name, what, commands }) =>
      [`# ${name}: ${what}`, ...commands.flatMap((command) => lines(command, width))].join('\n'),
    )
    .join('\n')
}

/**
 * The steps that are named; all if none is.
 * @param {readonly Step[]} steps
 * @param {readonly string[]} names
 * @throws {Error} for a name that no step has
 */
export function chosen(steps, names) {
  const known = steps.map(({ name }) => name)
  const unknown = names.filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    throw new Error(`There is no ${unknown.join(', ')} in --only; there are ${known.join(', ')}.`)
  }
  return names.length > 0 ? steps.filter(({ name }) => names.includes(name)) : steps
}
