import { Agent, type Dispatcher } from 'undici'
import type { IsAllowed } from './addresses.ts'
import { type DocumentSource, discard } from './document-source.ts'
import { encodingFailure, refused, statusFailure } from './failures.ts'
import type { Origins } from './origins.ts'
import { createPinnedConnector, type Resolve } from './pinned-connector.ts'
import { parseLocation } from './reference.ts'

const maxRedirects = 3
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** More of them wait for each other. */
const connectionsPerOrigin = 64

/** Nothing of the caller goes along. */
const headers = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'knative-ocr' }

interface HttpDocumentsOptions {
  readonly origins: Origins
  readonly isAllowed: IsAllowed
  readonly resolve: Resolve
}

/** Documents of `https` and `http` URLs. Each hop of a redirect is checked like the URL that it began with. */
export function createHttpDocuments({ origins, ...check }: HttpDocumentsOptions): DocumentSource {
  const agent = new Agent({
    connect: createPinnedConnector(check),
    connections: connectionsPerOrigin,
    // The signal of a fetch ends its waits; a second clock would only disagree.
    headersTimeout: 0,
    bodyTimeout: 0,
  })

  function get(url: URL, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    origins.require(url)
    const path = `${url.pathname}${url.search}`
    return agent.request({ origin: url.origin, path, method: 'GET', headers, signal })
  }

  async function follow(url: URL, signal: AbortSignal, left: number) {
    const answer = await get(url, signal)
    const { location } = answer.headers
    if (!redirects.has(answer.statusCode) || typeof location !== 'string') return answer
    discard(answer.body)
    if (left > 0) return follow(parseLocation(location, url), signal, left - 1)
    throw refused(`The dataref is redirected more than ${maxRedirects} times.`)
  }

  return {
    async open(url, signal) {
      const { statusCode, headers, body } = await follow(url, signal, maxRedirects)
      const failure = failureOf(statusCode, headers)
      if (!failure) return { announcedBytes: numberIn(headers['content-length']), body }
      discard(body)
      throw failure
    },
    close: () => agent.destroy(),
  }
}

function failureOf(status: number, headers: Dispatcher.ResponseData['headers']) {
  if (status !== 200) return statusFailure(status, headers['retry-after'])
  return encodingFailure(headers['content-encoding'])
}

const numberIn = (header: unknown): number | undefined =>
  typeof header === 'string' ? Number(header) : undefined
