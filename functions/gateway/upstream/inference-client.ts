import { type ModelMetadata, parseModelMetadata } from '../../contract/model-metadata.ts'
import {
  decodeOcrResult,
  decodePageCount,
  type EncodedRequest,
  encodeOcrRequest,
  encodePageCountRequest,
  type OcrRequest,
  type OcrResult,
} from '../../contract/ocr-tensors.ts'
import { inferenceHeaderLength } from '../../contract/v2-rest.ts'
import type { AnswerMemory } from '../../platform/answer-memory.ts'
import type { Log } from '../../platform/log.ts'
import type { Call } from './call.ts'
import { createCircuit, type StateOfCircuit } from './circuit.ts'
import { withRetry } from './retry.ts'
import { createRetryBudget } from './retry-budget.ts'
import type { UpstreamSettings } from './settings.ts'
import { createTransport, type UpstreamAnswer, type UpstreamRequest } from './transport.ts'
import { type AnswerHeaders, badAnswer } from './upstream-error.ts'

/**
 * The model, by the Open Inference Protocol v2. Every call throws the model's own OcrError, or
 * `model_unavailable`, `bad_upstream`, `overloaded`, `deadline_exceeded` or `output_too_large`, or the reason of
 * its signal.
 */
export interface InferenceClient {
  /** Has one document read. */
  recognize(request: OcrRequest, call: Call): Promise<OcrResult>
  /** Has the pages of one document counted, those that its options ask for. */
  countPages(request: OcrRequest, call: Call): Promise<number>
  /** What the model says of itself: its languages, its engine. */
  metadata(call: Call): Promise<ModelMetadata>
  /** Whether the model is thought to be there. */
  readonly circuitState: StateOfCircuit
  close(): Promise<void>
}

interface InferenceClientOptions extends Omit<UpstreamSettings, 'answerMemoryBytes'> {
  readonly log: Pick<Log, 'info' | 'warn'>
  readonly answers: AnswerMemory
}

/** How long a call that tries the model again may take, beyond its connection, until the others are let through. */
const trialGraceMs = 1_000

/** Calls the model, with one retry and a circuit breaker for the time that it is not there. */
export function createInferenceClient(options: InferenceClientOptions): InferenceClient {
  const inferUrl = new URL(options.inferUrl)
  const inferPath = inferUrl.pathname + inferUrl.search
  const metadataPath = inferUrl.pathname.replace(/\/infer\/?$/, '') + inferUrl.search
  const transport = createTransport({
    origin: inferUrl.origin,
    connectTimeoutMs: options.connectTimeoutMs,
    connections: options.modelConnections,
    maxAnswerBytes: options.maxAnswerBytes,
    answers: options.answers,
  })
  const circuit = createCircuit({
    failures: options.breakerFailures,
    openMs: options.breakerOpenMs,
    trialMs: options.connectTimeoutMs + trialGraceMs,
    log: options.log,
  })
  const budget = createRetryBudget()

  // The breaker judges calls and not attempts: connections that broke with one pod, and that a retry heals, do
  // not open it, and while it is open there are no retries.
  const ask = (request: UpstreamRequest, call: Call): Promise<UpstreamAnswer> =>
    circuit.run(call.signal, () =>
      withRetry(call, () => transport.send(request, call), {
        budget,
        isWorthwhile: () => !circuit.isOpen,
      }),
    )
  // What an answer holds is not for the breaker to judge: it shows that the model is there.
  return {
    async recognize(request, call) {
      const { body, headers } = await ask(inference(inferPath, encodeOcrRequest(request)), call)
      return decodeOcrResult(body, jsonLengthIn(headers), request)
    },
    async countPages(request, call) {
      const asked = inference(inferPath, encodePageCountRequest(request))
      const { body, headers } = await ask(asked, call)
      return decodePageCount(body, jsonLengthIn(headers))
    },
    async metadata(call) {
      const { body } = await ask({ method: 'GET', path: metadataPath }, call)
      return parseModelMetadata(parseJson(body))
    },
    get circuitState() {
      return circuit.state
    },
    close: transport.close,
  }
}

const inference = (path: string, body: EncodedRequest): UpstreamRequest => ({
  method: 'POST',
  path,
  headers: {
    'content-type': 'application/octet-stream',
    [inferenceHeaderLength]: String(body.jsonLength),
  },
  body,
})

function jsonLengthIn(headers: AnswerHeaders): string | undefined {
  const value = headers[inferenceHeaderLength]
  return typeof value === 'string' ? value : undefined
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString())
  } catch (cause) {
    throw badAnswer(cause)
  }
}
