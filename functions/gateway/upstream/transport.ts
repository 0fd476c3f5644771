import { Readable } from 'node:stream'
import { type Dispatcher, Pool } from 'undici'
import type { EncodedRequest } from '../../contract/ocr-tensors.ts'
import { timeoutHeader } from '../../contract/v2-rest.ts'
import type { AnswerMemory } from '../../platform/answer-memory.ts'
import { collect } from '../../platform/collect.ts'
import { untilAborted } from '../../platform/until-aborted.ts'
import type { Call } from './call.ts'
import { createConnector } from './connector.ts'
import {
  type AnswerHeaders,
  brokenCall,
  modelError,
  namedKind,
  notConnected,
  proxyError,
} from './upstream-error.ts'

/** The model keeps a connection for 75 s; whoever lets go first must not be the one who is about to be asked. */
const keepAliveMs = 60_000

/** Bodies up to here are copied into one write, which costs less than a stream. */
const oneWriteBytes = 256 * 2 ** 10

/** What is asked of the model, over HTTP. */
export interface UpstreamRequest {
  readonly method: 'GET' | 'POST'
  /** Path and query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Pick<EncodedRequest, 'parts' | 'contentLength'>
}

/** A whole answer with status 200. */
export interface UpstreamAnswer {
  readonly headers: AnswerHeaders
  readonly body: Uint8Array
}

export interface Transport {
  /**
   * Sends a request once and reads the whole answer.
   * @throws OcrError the model's own, or `model_unavailable`, `bad_upstream`, `overloaded`, `deadline_exceeded`,
   * `output_too_large`; a NotTakenError where it may be sent again; the signal's reason
   */
  send(request: UpstreamRequest, call: Call): Promise<UpstreamAnswer>
  /** Waits for calls that are under way. */
  close(): Promise<void>
}

interface TransportOptions {
  /** Scheme, host and port. */
  readonly origin: string
  readonly connectTimeoutMs: number
  readonly connections: number
  /** Largest answer that is read. */
  readonly maxAnswerBytes: number
  /** Memory for all answers, while they come. */
  readonly answers: AnswerMemory
}

/** A bounded pool of kept connections to the model. */
export function createTransport(options: TransportOptions): Transport {
  const connector = createConnector({ timeoutMs: options.connectTimeoutMs })
  const pool = new Pool(options.origin, {
    connect: connector.connect,
    connections: options.connections,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    maxResponseSize: options.maxAnswerBytes,
    // The signal of a call ends its waits; a second clock would only disagree.
    headersTimeout: 0,
    bodyTimeout: 0,
  })

  async function request(asked: UpstreamRequest, call: Call): Promise<Dispatcher.ResponseData> {
    try {
      return await pool.request(wireRequest(asked, call))
    } catch (error) {
      // Before any byte of an answer, and nothing that we ask for changes the model.
      if (connector.brokeKeptConnection(error)) throw notConnected(error)
      throw error
    }
  }

  const read = (answer: Dispatcher.ResponseData) => readAnswer(answer, options)

  return {
    async send(asked, call) {
      try {
        return await untilAborted(call.signal, request(asked, call).then(read))
      } catch (error) {
        throw call.signal.aborted ? call.signal.reason : brokenCall(error, options.maxAnswerBytes)
      }
    },
    close: () => pool.close(),
  }
}

const wireRequest = ({ method, path, headers, body }: UpstreamRequest, call: Call) => ({
  method,
  path,
  signal: call.signal,
  headers: {
    ...call.headers,
    ...headers,
    [timeoutHeader]: String(timeLeftMs(call.deadlineAt)),
    ...(body && { 'content-length': String(body.contentLength) }),
  },
  body: body ? wireBody(body) : null,
})

function wireBody({ parts, contentLength }: NonNullable<UpstreamRequest['body']>) {
  return contentLength <= oneWriteBytes
    ? Buffer.concat(parts, contentLength)
    : Readable.from(parts, { objectMode: false })
}

/** A little less than there is, so that the model's own 504, which says more, arrives before ours. */
function timeLeftMs(deadlineAt: number): number {
  const leftMs = deadlineAt - performance.now()
  return Math.max(1, Math.floor(leftMs - Math.min(250, leftMs / 20)))
}

async function readAnswer(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  { maxAnswerBytes: limitBytes, answers }: TransportOptions,
): Promise<UpstreamAnswer> {
  if (statusCode === 200) {
    using memory = answers.open()
    const announcedBytes = Number(headers['content-length'])
    return { headers, body: await collect(body, { limitBytes, announcedBytes, memory }) }
  }
  const kind = namedKind(headers)
  if (kind) throw modelError(kind, await body.text(), headers)
  await body.dump()
  throw proxyError(statusCode, headers)
}
