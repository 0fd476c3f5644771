import { hash, timingSafeEqual } from 'node:crypto'

/** A key as it is known here: whose it is, and its SHA-256. */
export interface Key {
  readonly name: string
  readonly sha256: Buffer
}

const maxKeys = 1_000
/** Longest key in characters; more is refused without being looked at. */
export const maxKeyLength = 512

/**
 * Reads lines of `NAME SHA256-HEX`, between which there may be empty ones and comments (`#`). Several keys may have one
 * name, so that a caller can change from one to the next.
 * @throws Error with the number of a bad line, never with its content, which may be a key by mistake
 */
export function parseKeys(text: string): Key[] {
  const keys: Key[] = []
  const lineOf = new Map<string, number>()
  for (const [index, line] of text.split('\n').entries()) {
    const number = index + 1
    if (/^\s*(?:#|$)/.test(line)) continue
    const [, name, hex] = /^\s*([\w.-]{1,64})\s+([0-9a-f]{64})\s*$/i.exec(line) ?? []
    if (!name || !hex) throw new Error(`Line ${number} is not of the form NAME SHA256-HEX.`)
    const first = lineOf.get(hex.toLowerCase())
    if (first) throw new Error(`Line ${number} has the same key as line ${first}.`)
    lineOf.set(hex.toLowerCase(), number)
    keys.push({ name, sha256: Buffer.from(hex, 'hex') })
    if (keys.length > maxKeys) throw new Error(`There are more than ${maxKeys} keys.`)
  }
  if (keys.length === 0) throw new Error('There is no key in it.')
  return keys
}

/**
 * Whose key it is; undefined if nobody's. The time depends on how many keys there are and how long the presented one
 * is, not on how much of it is right.
 */
export function nameOfKey(keys: readonly Key[], presented: string): string | undefined {
  const sha256 = hash('sha256', presented.slice(0, maxKeyLength), 'buffer')
  let name: string | undefined
  for (const key of keys) if (timingSafeEqual(key.sha256, sha256)) name = key.name
  return presented.length <= maxKeyLength ? name : undefined
}
