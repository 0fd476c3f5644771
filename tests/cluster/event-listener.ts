import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { startServer } from '../services/http-server.ts'

/** An event in binary mode, as it came. */
export interface ReceivedEvent {
  readonly path: string
  /** Attributes by their names. */
  readonly attributes: Readonly<Record<string, string>>
  readonly data: string
}

export interface EventListener extends AsyncDisposable {
  /** Where pods reach it; every path takes events. */
  readonly url: string
  /** What has come so far. */
  readonly received: readonly ReceivedEvent[]
  /**
   * Waits for the events of a path that a test is about, until there are as many.
   * @throws Error after two minutes, which cold starts are within
   */
  until(count: number, isMeant: (event: ReceivedEvent) => boolean): Promise<ReceivedEvent[]>
}

interface ListenerOptions {
  /** A URL of the cluster; this machine is reached where it comes from when it goes there. */
  readonly clusterUrl: string
  /** What is answered; an empty 200 when it is not given. */
  readonly answer?: (event: ReceivedEvent, response: ServerResponse) => void
}

/** Listens for events that the cluster delivers. */
export async function listenForEvents(options: ListenerOptions): Promise<EventListener> {
  const { clusterUrl, answer = (_event, response) => response.end() } = options
  const received: ReceivedEvent[] = []
  const host = await addressTowards(new URL(clusterUrl))
  const server = await startServer(async (request, response) => {
    const event = { ...attributesOf(request), data: await text(request) }
    received.push(event)
    answer(event, response)
  }, host)
  return {
    url: server.origin,
    received,
    async until(count, isMeant) {
      const giveUp = performance.now() + 120_000
      while (performance.now() < giveUp) {
        const events = received.filter(isMeant)
        if (events.length >= count) return events
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      const seen = received.map(({ path, attributes }) => `${path} ${attributes['type']}`)
      throw new Error(`There were not ${count} events after 120 s, but: ${seen.join(', ')}`)
    },
    [Symbol.asyncDispose]: server.stop,
  }
}

function attributesOf({ url = '', headers }: IncomingMessage): Omit<ReceivedEvent, 'data'> {
  const entries = Object.entries(headers)
    .filter(([name]) => name.startsWith('ce-'))
    .map(([name, value]) => [name.slice('ce-'.length), String(value)])
  return { path: url, attributes: Object.fromEntries(entries) }
}

/** The address of this machine on its way there. */
function addressTowards({ hostname, port }: URL): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port || 80), hostname)
    socket.once('error', reject)
    socket.once('connect', () => {
      resolve(socket.localAddress ?? '')
      socket.destroy()
    })
  })
}
