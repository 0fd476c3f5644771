import { defaultFormat } from '../../contract/answer-formats.ts'
import {
  type AnswerRequest,
  parseAnswerRequest,
  requestNames,
} from '../../contract/answer-request.ts'
import { completeHeader } from '../../contract/answers.ts'
import type { OcrResult } from '../../contract/ocr-tensors.ts'
import type { Admission } from '../../platform/admission.ts'
import type { AnswerMemory } from '../../platform/answer-memory.ts'
import type { EdgeContext } from '../../platform/http.ts'
import type { Log } from '../../platform/log.ts'
import type { Receiving } from '../../platform/receiving.ts'
import type { Access, Visit } from '../access/access.ts'
import { digestOf, etagOf, isFinal, tagIn } from '../answer/etag.ts'
import { negotiate, type Wanted } from '../answer/negotiate.ts'
import { renderings } from '../answer/render.ts'
import { serverTiming } from '../answer/server-timing.ts'
import { answerWhole } from '../answer/whole.ts'
import type { Events } from '../events/events.ts'
import { mayHoldValues, type ReadSubmission } from '../intake/submission.ts'
import { valuesOf } from '../intake/values.ts'
import type { GatewayMeter } from '../meter.ts'
import type { ModelFacts } from '../model-facts.ts'
import { type Reading, type ReadRequest, type Recognize, wholeOf } from '../recognize.ts'
import type { Call } from '../upstream/call.ts'
import { enter, startCall } from './enter.ts'
import { answerInLines } from './lines.ts'
import { answerLater } from './results.ts'

export interface OcrHandlerOptions extends Pick<GatewayMeter, 'onDocument' | 'onAnswer'> {
  readonly log: Log
  readonly access: Access
  readonly admission: Admission
  readonly receiving: Receiving
  readonly answers: AnswerMemory
  readonly recognize: Recognize
  readonly modelFacts: ModelFacts
  readonly events: Events
  readonly maxUploadBytes: number
  readonly requestTimeoutMs: number
  /** Of the gateway. */
  readonly version: string
}

/** Where one of the routes differs from the other. */
interface Route {
  readonly read: ReadSubmission
  /** Field of a form that holds the file. */
  readonly fileField: string
  /** Whether the header `Accept` may choose the format. */
  readonly isNegotiated: boolean
}

/**
 * Reads a document: who asks, what is asked, the file, a place to work, and the answer. All that can be refused by the
 * headers is, before the body is read.
 */
export function createOcrHandler(
  options: OcrHandlerOptions,
  route: Route,
): (c: EdgeContext) => Promise<Response> {
  const { log, access, recognize, modelFacts, events, onAnswer } = options
  const { requestTimeoutMs, version, answers } = options
  const receive = createReceive(options, route)
  const deliveryOf = (c: EdgeContext, { key }: Visit, told: Wanted, { headers }: Call) =>
    events.deliveries.open({ told, owner: key, requestId: c.var.requestId, headers })

  return async (c) => {
    const start = performance.now()
    using held = new DisposableStack()
    const call = held.use(startCall(c, requestTimeoutMs))
    const visit = held.use(await enter(c, access))
    const { file, wanted } = await receive(c, visit, held)
    const facts = { format: wanted.format, bytes: file.length }
    c.set('facts', facts)
    const request = readRequestOf(file, wanted)
    const read = (ownCall: Call) =>
      withEnd(recognize(request, ownCall), ({ document, timings }) => {
        const { complete, pages } = document
        onAnswer(wanted.format, { isComplete: complete })
        c.set('facts', { ...facts, pages: pages.length, complete, ...timings })
      })
    const isDelivered = wanted.notify || wanted.async
    const delivery = isDelivered ? held.use(deliveryOf(c, visit, wanted, call)) : undefined
    if (wanted.async && delivery) {
      return answerLater(c, delivery.detach(read, held.move()))
    }
    const reading = () => delivery?.notify(read(call)) ?? read(call)
    if (wanted.format === 'ndjson') {
      return await answerInLines(c, { reading: reading(), wanted, held, log, signal: call.signal })
    }
    const source = { digest: digestOf(file), wanted, version }
    // Whoever is to be notified is, even of what the caller has.
    const known = delivery ? undefined : c.req.header('if-none-match')
    const etag = await tagIn(known, source, () => modelFacts.engineFor(wanted.options.lang, call))
    if (etag) return c.body(null, 304, { ETag: etag })
    const result = await wholeOf(reading())
    const rendered = renderings[wanted.format](result, wanted)
    const { body, headers } = answerWhole(rendered, {
      answers,
      caller: visit.key,
      exchange: c.env,
    })
    return c.body(body, 200, {
      ...headers,
      'Content-Type': wanted.contentType,
      'Server-Timing': serverTiming(result.timings, performance.now() - start),
      [completeHeader]: String(result.document.complete),
      ...(isFinal(result.document) && { ETag: await etagOf(source, result.document.engine) }),
    })
  }
}

/** Pictures are asked for where they are told: in JSON, and in the lines of NDJSON. */
function readRequestOf(image: Uint8Array, { format, options, async }: Wanted): ReadRequest {
  const pageByPage = format === 'ndjson'
  const tellsPictures = (pageByPage || format === 'json') && !async
  const { pictures = false, ...others } = options
  return {
    image,
    options: pictures && tellsPictures ? options : others,
    withPdf: format === 'pdf',
    pageByPage,
  }
}

/** The same reading; `onEnd` is told of its result. */
async function* withEnd(reading: Reading, onEnd: (result: OcrResult) => void): Reading {
  const result = yield* reading
  onEnd(result)
  return result
}

interface Received {
  readonly file: Uint8Array
  readonly wanted: Wanted
}

/** Takes in what is sent, and then a place to work on it; the request holds both. */
function createReceive(
  { admission, receiving, events, maxUploadBytes, onDocument }: OcrHandlerOptions,
  { read, fileField, isNegotiated }: Route,
): (c: EdgeContext, visit: Visit, held: DisposableStack) => Promise<Received> {
  const rules = { fileField, optionNames: requestNames, maxFileBytes: maxUploadBytes }

  const wantedBy = (c: EdgeContext, request: AnswerRequest): Wanted => {
    const format = request.format ?? (isNegotiated ? undefined : defaultFormat)
    const wanted = { ...request, ...negotiate(format, c.req.header('accept')) }
    events.deliveries.require(wanted)
    return wanted
  }

  return async (c, { key }, held) => {
    if (isNegotiated) c.header('Vary', 'Accept')
    const query = valuesOf(new URL(c.req.url).searchParams)
    const early = parseAnswerRequest(query)
    events.deliveries.require(early)
    // A body that holds options may still choose the format.
    if (!mayHoldValues(c.req.raw)) wantedBy(c, early)
    admission.requireRoom(key)
    const memory = held.use(receiving.open(key))
    const { file, values } = await read(c.req.raw, rules, memory)
    onDocument('request', file.length)
    held.use(admission.admit(key))
    return { file, wanted: wantedBy(c, parseAnswerRequest({ ...query, ...values })) }
  }
}
