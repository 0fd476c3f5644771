import { hash } from 'node:crypto'
import { Agent, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { errorKindHeader } from '../../../functions/contract/errors.ts'
import { idBytes, type Prepared } from './targets.ts'

interface Answered {
  readonly outcome: 'answered'
  readonly status: number
  /** Why it failed, in one word of ours. */
  readonly kind: string | undefined
  /** Value of the header. */
  readonly retryAfter: string | undefined
  /** Of the body, without the times that it tells. */
  readonly digest: string
}

/**
 * How a request ended: with an answer, cut off by ourselves, without a connection, or lost: none of these, which is
 * what must never be.
 */
export type End =
  | Answered
  | { readonly outcome: 'cut' }
  | { readonly outcome: 'unconnected' }
  | { readonly outcome: 'lost'; readonly why: string }

/** One request and its end; times are those of `performance.now()`. */
export interface Entry {
  readonly id: string
  readonly sample: string
  readonly startedAt: number
  /** When the last byte was with the kernel; undefined if it never was. */
  readonly sentAt: number | undefined
  readonly endedAt: number
  readonly end: End
}

interface AskOptions {
  /** Cuts the request off. */
  readonly signal?: AbortSignal
}

/** Sends requests over connections that are kept. */
export interface Client extends Disposable {
  /** Sends one request under an id of its own; never rejects. */
  ask(prepared: Prepared, options?: AskOptions): Promise<Entry>
}

const timings = /"timings":\{[^}]*\}/

/** A request without an answer for so long is lost; no deadline of the services is longer. */
const giveUpMs = 180_000

/** @param name begins the ids of its requests, so that they are told from others in a log */
export function createClient(name: string): Client {
  const agent = new Agent({ keepAlive: true })
  let count = 0
  return {
    ask(prepared, options = {}) {
      const id = `${name}-${String(++count).padStart(idBytes - name.length - 1, '0')}`
      return send(agent, id, prepared, options)
    },
    [Symbol.dispose]: () => agent.destroy(),
  }
}

function send(
  agent: Agent,
  id: string,
  { sample, url, headers, parts }: Prepared,
  { signal }: AskOptions,
): Promise<Entry> {
  return new Promise((resolve) => {
    const startedAt = performance.now()
    let sentAt: number | undefined
    const outgoing = request(url, {
      agent,
      method: 'POST',
      headers: { ...headers, 'x-request-id': id },
    })
    const finish = (end: End) => {
      signal?.removeEventListener('abort', cut)
      clearTimeout(giveUp)
      // An answer that came early leaves a request that is half sent.
      if (!outgoing.writableFinished || end.outcome !== 'answered') outgoing.destroy()
      resolve({ id, sample: sample.name, startedAt, sentAt, endedAt: performance.now(), end })
    }
    const cut = () => finish({ outcome: 'cut' })
    signal?.addEventListener('abort', cut, { once: true })
    const giveUp = setTimeout(() => finish(lost('no answer')), giveUpMs)
    outgoing.once('finish', () => {
      sentAt = performance.now()
    })
    outgoing.once('response', (incoming) => void endOf(incoming).then(finish))
    outgoing.on('error', (error) => finish(failure(error)))
    outgoing.cork()
    for (const part of parts) outgoing.write(part)
    outgoing.end(id)
    outgoing.uncork()
  })
}

async function endOf(incoming: IncomingMessage): Promise<End> {
  try {
    const body = await text(incoming)
    const { statusCode: status = 0, headers } = incoming
    return {
      outcome: 'answered',
      status,
      kind: headers[errorKindHeader]?.toString(),
      retryAfter: headers['retry-after'],
      digest: hash('sha1', body.replace(timings, '')),
    }
  } catch (error) {
    return lost(`broken answer: ${error}`)
  }
}

const failure = (error: NodeJS.ErrnoException): End =>
  error.code === 'ECONNREFUSED' ? { outcome: 'unconnected' } : lost(error.message)

const lost = (why: string): End => ({ outcome: 'lost', why })
