import { invalid, OcrError } from './errors.ts'

const maxDepth = 32
/** Strings, names, lists, objects and escaped quotes; a request of ours has some hundred. */
const maxNodes = 10_000
/** Commas: a tensor of plain numbers has as many values. */
const maxValues = 1_000_000
/** Bytes outside of strings, white space among them; room for {@link maxValues} numbers. */
const maxPlainBytes = 8 * 2 ** 20

const quote = 0x22
const backslash = 0x5c
const other = 0
const string = 1
const open = 2
const close = 3
const comma = 4
/** What a byte outside of a string means; one look-up per byte, since this runs over whole bodies. */
const meaningOf = new Uint8Array(256)
meaningOf[quote] = string
for (const byte of Buffer.from('[{')) meaningOf[byte] = open
for (const byte of Buffer.from(']}')) meaningOf[byte] = close
for (const byte of Buffer.from(',')) meaningOf[byte] = comma

/**
 * JSON.parse for bytes that nobody vouches for. What would hold up the event loop in the parser or in a schema,
 * deep nesting and a great many values, is refused by one pass over the bytes; long strings are skipped natively.
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
  let nodes = 0
  let values = 0
  let plainBytes = 0
  const countNode = () => {
    if (++nodes > maxNodes)
      fail(`has more than ${maxNodes} strings, lists, objects and escaped quotes`)
  }
  for (let index = 0; index < bytes.length; index++) {
    if (++plainBytes > maxPlainBytes)
      fail(`has more than ${maxPlainBytes} bytes outside of strings`)
    const meaning = meaningOf[bytes[index] ?? 0]
    if (meaning === other) continue
    if (meaning === comma) {
      if (++values > maxValues) fail(`has more than ${maxValues} values`)
      continue
    }
    countNode()
    if (meaning === string) index = endOfString(bytes, index, countNode)
    else if (meaning === close) depth--
    else if (++depth > maxDepth) fail(`is nested deeper than ${maxDepth} levels`)
  }
}

/** Index of the quote that ends the string which begins at `start`; the last index if none does. */
function endOfString(bytes: Uint8Array, start: number, onEscapedQuote: () => void): number {
  let end = bytes.indexOf(quote, start + 1)
  while (end !== -1 && isEscaped(bytes, end)) {
    onEscapedQuote()
    end = bytes.indexOf(quote, end + 1)
  }
  return end === -1 ? bytes.length : end
}

/** Looks back no further than the string's own quote, so that all looks together pass over a body once. */
function isEscaped(bytes: Uint8Array, index: number): boolean {
  let first = index
  while (bytes[first - 1] === backslash) first--
  return (index - first) % 2 === 1
}

function fail(problem: string): never {
  invalid(`The request's JSON ${problem}.`)
}
