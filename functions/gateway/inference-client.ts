import { Readable } from 'node:stream'
import { Agent, type Dispatcher, errors, request } from 'undici'
import { type ErrorKind, errorKindHeader, isErrorKind, OcrError } from '../contract/errors.ts'
import {
  decodeOcrResult,
  encodeOcrRequest,
  type OcrRequest,
  type OcrResult,
} from '../contract/ocr-tensors.ts'
import { inferenceHeaderLength } from '../contract/v2-rest.ts'

export interface InferenceClient {
  /**
   * Has one image recognized by the model.
   * @param headers request id and trace context to pass on
   * @throws OcrError the model's own, or `model_unavailable`, `bad_upstream`; or the signal's reason
   */
  recognize(
    ocrRequest: OcrRequest,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<OcrResult>
  close(): Promise<void>
}

interface ClientOptions {
  /** Full infer URL of the model. */
  readonly inferUrl: string
  readonly connectTimeoutMs: number
  readonly modelTimeoutMs: number
  readonly modelConnections: number
}

/** Largest answer that is read; a page has some 150 bytes of JSON per word. */
const maxAnswerBytes = 64 * 2 ** 20

/** Calls the model by the Open Inference Protocol v2 with the image as a binary tensor. */
export function createInferenceClient(options: ClientOptions): InferenceClient {
  const agent = new Agent({
    connections: options.modelConnections,
    connect: { timeout: options.connectTimeoutMs },
    headersTimeout: options.modelTimeoutMs,
    bodyTimeout: options.modelTimeoutMs,
    maxResponseSize: maxAnswerBytes,
  })
  return {
    async recognize(ocrRequest, headers, signal) {
      const { parts, jsonLength, contentLength } = encodeOcrRequest(ocrRequest)
      try {
        const response = await request(options.inferUrl, {
          dispatcher: agent,
          method: 'POST',
          headers: {
            ...headers,
            'content-type': 'application/octet-stream',
            'content-length': String(contentLength),
            [inferenceHeaderLength]: String(jsonLength),
          },
          body: Readable.from(parts, { objectMode: false }),
          signal,
        })
        return await readAnswer(response)
      } catch (error) {
        throw signal.aborted ? signal.reason : upstreamError(error)
      }
    },
    close: () => agent.close(),
  }
}

/** Kinds that tell of a wrong `KSERVE_URL` and are no fault of the caller. */
const aboutOurCall: ReadonlySet<ErrorKind> = new Set([
  'not_found',
  'model_not_found',
  'method_not_allowed',
])

async function readAnswer({ statusCode, headers, body }: Dispatcher.ResponseData) {
  const text = await body.text()
  if (statusCode === 200) return decodeOcrResult(parseJson(text))
  const kind = headers[errorKindHeader]
  const retryAfterSeconds = Number(headers['retry-after']) || undefined
  if (isErrorKind(kind) && !aboutOurCall.has(kind)) {
    throw new OcrError(kind, errorMessage(text), { retryAfterSeconds })
  }
  throw proxyError(statusCode, retryAfterSeconds)
}

/** What stands between us and the model (Knative's proxies among others) answers in plain text. */
function proxyError(status: number, retryAfterSeconds: number | undefined): OcrError {
  const cause = new Error(`The model's URL answered ${status}`)
  const options = { cause, retryAfterSeconds }
  if (status === 429) return new OcrError('overloaded', 'The model is busy.', options)
  if (status === 503) return new OcrError('model_unavailable', 'The model is not there.', options)
  if (status === 504) return new OcrError('deadline_exceeded', 'The model took too long.', options)
  return new OcrError('bad_upstream', 'The model gave an answer that is none.', options)
}

function upstreamError(cause: unknown): OcrError {
  if (cause instanceof OcrError) return cause
  const isSlow =
    cause instanceof errors.HeadersTimeoutError || cause instanceof errors.BodyTimeoutError
  if (isSlow) return new OcrError('deadline_exceeded', 'The model took too long.', { cause })
  if (cause instanceof errors.ResponseExceededMaxSizeError) {
    return new OcrError('bad_upstream', 'The model gave an answer that is too long.', { cause })
  }
  return new OcrError('model_unavailable', 'The model cannot be reached now.', {
    cause,
    retryAfterSeconds: 1,
  })
}

function errorMessage(text: string): string {
  const body = parseJson(text)
  const hasMessage = typeof body === 'object' && body !== null && 'error' in body
  return hasMessage ? String(body.error) : 'The model refused the request.'
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new OcrError('bad_upstream', 'The model gave an answer that is not JSON.', { cause })
  }
}
