import { refused } from './failures.ts'

/** Of documents that can be fetched. */
const schemes = ['http', 'https', 's3'] as const
export type Scheme = (typeof schemes)[number]

/** A URL that was signed for us has up to 4 KiB. */
const maxLength = 8_192

/**
 * Reads a reference. Whatever follows, the comparison and the request, uses the URL as it was read here.
 * @throws OcrError `reference_refused` for what is no URL of `https`, `http` or `s3`, or holds a user or password
 */
export function parseReference(reference: string): URL {
  const url = reference.length > maxLength ? null : URL.parse(reference)
  if (!url) {
    throw refused(`The dataref must be an absolute URL of up to ${maxLength} characters.`)
  }
  if (!schemeOf(url.href)) {
    throw refused('The dataref must begin with https://, http:// or s3://.')
  }
  return withoutUser(url)
}

/** Undefined for one that is not known. */
export const schemeOf = (reference: string): Scheme | undefined =>
  schemes.find((scheme) =>
    reference.slice(0, 'https:'.length).toLowerCase().startsWith(`${scheme}:`),
  )

/**
 * Where a redirect leads.
 * @throws OcrError `reference_refused` likewise, or for another scheme than `https` or `http`
 */
export function parseLocation(location: string, base: URL): URL {
  const url = location.length > maxLength ? null : URL.parse(location, base.href)
  if (!url || !['https:', 'http:'].includes(url.protocol)) {
    throw refused('The dataref is redirected to what is no https or http URL.')
  }
  return withoutUser(url)
}

function withoutUser(url: URL): URL {
  if (!url.username && !url.password) return url
  throw refused('The dataref must have no user and no password; use a signed URL instead.')
}

/**
 * The key of an object: the path of its URL, percent-decoded once. The URL has a question mark, a number sign and a
 * percent sign of the key percent-encoded.
 * @throws OcrError `reference_refused` for none, for damaged encoding, for a query, and for dot segments, which would
 *   lead out of the bucket where it is named in a path
 */
export function objectKey(url: URL): string {
  if (url.search) throw refused('The dataref of an object has no query; write ? in a key as %3F.')
  const key = decoded(url.pathname.slice(1))
  if (key === '') throw refused('The dataref names a bucket and no object in it.')
  if (key.split('/').some((segment) => segment === '.' || segment === '..')) {
    throw refused('The key in the dataref must have no segments "." or "..".')
  }
  return key
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch (cause) {
    throw refused('The key in the dataref must be percent-encoded UTF-8.', cause)
  }
}
