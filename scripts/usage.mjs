/**
 * What a command line says, as `read` finds it there.
 * @template T
 * @param {string} usage
 * @param {() => T} read
 * @returns {T}
 * @throws {Error} why it says nothing that is known, and the usage
 */
export function orUsage(usage, read) {
  try {
    return read()
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n\n${usage}`)
  }
}
