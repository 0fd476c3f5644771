import { refused } from './failures.ts'
import { claimSettings } from './settings.ts'

/** Where documents may be fetched: scheme, host and port, or a bucket. */
export interface Origins {
  /** @throws OcrError `reference_refused` for a URL of another origin */
  require(url: URL): void
}

/**
 * @param list with commas between the entries; empty for none
 * @throws Error that names an entry which is no origin
 */
export function parseOrigins(list: string): Origins {
  const origins = new Set(list === '' ? [] : list.split(',').map(parseOrigin))
  return {
    require(url) {
      if (origins.has(originOf(url))) return
      const message =
        origins.size === 0
          ? 'The service fetches no documents; send the file itself.'
          : 'The service does not fetch from there. The scheme, host and port of the dataref, or its bucket, must be among those that its operator allows.'
      throw refused(message)
    },
  }
}

function parseOrigin(entry: string): string {
  const url = URL.parse(entry)
  if (url && isOrigin(url)) return originOf(url)
  const { name, range } = claimSettings.dataRefOrigins
  throw new Error(`${name} has "${entry}", which is no origin, but must be ${range}`)
}

function isOrigin({ protocol, host, pathname, search, hash, username, password }: URL): boolean {
  if (pathname.length > 1 || search || hash || username || password) return false
  if (protocol === 's3:') return /^[\w.-]+$/.test(host)
  // A star is a host's name like others to the parser, and would match nothing.
  return ['http:', 'https:'].includes(protocol) && !host.includes('*')
}

/** The parser has lower case, no default port, and null for schemes that are not the web's. */
const originOf = (url: URL): string => (url.protocol === 's3:' ? `s3://${url.host}` : url.origin)
