import { OcrError } from './errors.ts'

const maxDepth = 32
/** Strings, and the structural characters between them; a request of ours has some hundred. */
const maxTokens = 10_000

const quote = 0x22
const backslash = 0x5c
const openers = new Set([0x5b, 0x7b])
const closers = new Set([0x5d, 0x7d])
const separators = new Set([0x2c, 0x3a])

/**
 * JSON.parse for bytes that nobody vouches for. What would take the parser or a schema long, deep nesting
 * and a great many values, is refused by one pass over the bytes; long strings are skipped natively.
 * @throws OcrError `invalid_request`
 */
export function parseJson(bytes: Uint8Array): unknown {
  requireSimple(bytes)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new OcrError('invalid_request', 'The request body is not valid JSON.', { cause })
  }
}

function requireSimple(bytes: Uint8Array): void {
  let depth = 0
  let tokens = 0
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0
    if (byte === quote) index = endOfString(bytes, index)
    else if (openers.has(byte)) depth++
    else if (closers.has(byte)) depth--
    else if (!separators.has(byte)) continue
    if (depth > maxDepth) fail(`is nested deeper than ${maxDepth} levels`)
    if (++tokens > maxTokens) fail(`has more than ${maxTokens} values and names`)
  }
}

/** Index of the quote that ends the string which begins at `start`; the last index if none does. */
function endOfString(bytes: Uint8Array, start: number): number {
  let hops = 0
  let end = bytes.indexOf(quote, start + 1)
  while (end !== -1 && isEscaped(bytes, end)) {
    if (++hops > maxTokens) fail(`has more than ${maxTokens} escaped quotes in a string`)
    end = bytes.indexOf(quote, end + 1)
  }
  return end === -1 ? bytes.length : end
}

function isEscaped(bytes: Uint8Array, index: number): boolean {
  let first = index
  while (bytes[first - 1] === backslash && index - first <= maxTokens) first--
  return (index - first) % 2 === 1
}

function fail(problem: string): never {
  throw new OcrError('invalid_request', `The request's JSON ${problem}.`)
}
