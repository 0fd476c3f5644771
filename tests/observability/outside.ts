import type { RequestListener } from 'node:http'
import { text } from 'node:stream/consumers'
import { startServer } from '../services/http-server.ts'

/** What the gateway talks to besides the model. */
export interface Outside {
  /** Takes result events, but refuses those that are told to be refused. */
  readonly sinkUrl: string
  /** Where documents may be fetched. */
  readonly origin: string
  /** Headers of the events that came to the sink. */
  readonly events: ReadonlyArray<Readonly<Record<string, string | string[] | undefined>>>
  close(): Promise<void>
}

/** A request with this id has a result that the sink refuses for good. */
export const refusedId = 'refused-by-the-sink'

/**
 * A sink of events, and a store with one document and one that is broken.
 * @param image the document, at `/image`
 */
export async function startOutside(image: Uint8Array): Promise<Outside> {
  const events: Array<Outside['events'][number]> = []
  const routes: Readonly<Record<string, RequestListener>> = {
    '/image': (_, response) => response.end(image),
    '/broken': (_, response) => response.writeHead(500).end(),
    '/sink': async (request, response) => {
      const { headers } = request
      await text(request)
      events.push(headers)
      response.writeHead(headers['ce-correlationid'] === refusedId ? 400 : 202).end()
    },
  }
  const server = await startServer((request, response) => {
    const route = routes[request.url ?? '']
    if (route) route(request, response)
    else response.writeHead(404).end()
  })
  const { origin } = server
  return {
    sinkUrl: `${origin}/sink`,
    origin,
    events,
    close: server.stop,
  }
}
