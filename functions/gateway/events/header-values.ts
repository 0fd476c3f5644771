import { OcrError } from '../../contract/errors.ts'

// How the SDK leaves the values of headers alone, although the HTTP binding, 3.1.3.2, has them encoded.

/** What may stand as it is: printable ASCII without the space, the quote and the percent sign. */
const encoded = /[^\x21\x23\x24\x26-\x7E]/gu

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** An attribute's value as a header holds it. */
export const encodeHeader = (value: string): string => value.replace(encoded, percentEncode)

/** Half of a surrogate pair has no UTF-8. */
const percentEncode = (character: string): string =>
  encodeURIComponent(character.toWellFormed()).replace(
    /^[^%]$/,
    (plain) => `%${plain.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )

/**
 * A URL whose own escapes are not encoded, while nothing in a URL but their percent signs is to be. Decoded, it would be
 * another one.
 */
const bareUrl = /^[a-z][a-z0-9+.-]*:\/\/.*%(?!25[0-9A-F]{2})/i

/**
 * The value that a header holds for an attribute. The SDKs of which brokers are made encode nothing, so UTF-8 and URLs
 * are read as those leave them, too; a space, and a percent sign that encodes nothing, may stand in it.
 * @param value as Node gives it, a character for each byte
 * @throws OcrError `invalid_request` for control characters, and what is or decodes to no UTF-8
 */
export function decodeHeader(name: string, value: string): string {
  const problem = (cause?: unknown) => {
    const message = `The header ce-${name.slice(0, 40)} must be UTF-8, with what is no printable ASCII percent-encoded.`
    return new OcrError('invalid_request', message, { cause })
  }
  if (/[^\x20-\x7E\x80-\xFF]/.test(value)) throw problem()
  const unquoted = /^".*"$/.test(value) ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value
  try {
    if (/[^\x20-\x7E]/.test(unquoted)) return utf8.decode(Buffer.from(unquoted, 'latin1'))
    if (name === 'dataref' && bareUrl.test(unquoted)) return unquoted
    // A percent sign that begins no pair of digits stands for itself.
    return decodeURIComponent(unquoted.replace(/%(?![0-9A-Fa-f]{2})/g, '%25'))
  } catch (cause) {
    throw problem(cause)
  }
}
