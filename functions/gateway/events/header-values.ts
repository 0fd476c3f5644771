import { OcrError } from '../../contract/errors.ts'

// How the SDK leaves the values of headers alone, although the HTTP binding, 3.1.3.2, has them encoded.

/** What may stand as it is: printable ASCII without the space, the quote and the percent sign. */
const encoded = /[^\x21\x23\x24\x26-\x7E]/gu

/** An attribute's value as a header holds it. */
export const encodeHeader = (value: string): string => value.replace(encoded, percentEncode)

/** Half of a surrogate pair has no UTF-8. */
const percentEncode = (character: string): string =>
  encodeURIComponent(character.toWellFormed()).replace(
    /^[^%]$/,
    (plain) => `%${plain.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )

/**
 * The value that a header holds for an attribute; a space, and a percent sign that encodes nothing, may stand in it.
 * @throws OcrError `invalid_request` for what is no printable ASCII, or decodes to no UTF-8
 */
export function decodeHeader(name: string, value: string): string {
  const problem = (cause?: unknown) => {
    const message = `The header ce-${name.slice(0, 40)} must be printable ASCII, with all else percent-encoded as UTF-8.`
    return new OcrError('invalid_request', message, { cause })
  }
  if (/[^\x20-\x7E]/.test(value)) throw problem()
  const unquoted = /^".*"$/.test(value) ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value
  try {
    // A percent sign that begins no pair of digits stands for itself.
    return decodeURIComponent(unquoted.replace(/%(?![0-9A-Fa-f]{2})/g, '%25'))
  } catch (cause) {
    throw problem(cause)
  }
}
