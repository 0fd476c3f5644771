import { type ErrorKind, errorKinds } from '../../contract/errors.ts'
import type { Admission } from '../admission.ts'
import type { Receiving } from '../receiving.ts'
import { counter, gauge, histogram, seconds } from './definitions.ts'
import type { Instruments } from './metrics.ts'

const methods = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  '_OTHER',
] as const

const methodOf = (method: string) => methods.find((name) => name === method) ?? '_OTHER'

/** What both services tell of their requests; named as in OpenTelemetry's conventions for HTTP. */
export const serverMetrics = {
  requestDuration: histogram({
    name: 'http.server.request.duration.seconds',
    help: 'Time from the headers of a request to its answer; to the last line of one in NDJSON',
    labels: {
      http_request_method: methods,
      http_route: { atMost: 40 },
      http_response_status_code: { atMost: 40 },
      error_type: errorKinds,
    },
    buckets: seconds,
  }),
  activeRequests: gauge({
    name: 'http.server.active_requests',
    help: 'Requests that are not answered yet',
  }),
  errors: counter({
    name: 'ocr.errors',
    help: 'Requests that failed, by the code in the answer',
    labels: { error_type: errorKinds },
  }),
  droppedConnections: counter({
    name: 'http.server.dropped.connections',
    help: 'Connections that were closed as soon as they were open, because there were too many',
  }),
  admittedRequests: gauge({
    name: 'ocr.admitted.requests',
    help: 'Requests that have a place',
  }),
  admittedLimit: gauge({
    name: 'ocr.admitted.requests.limit',
    help: 'Places there are; one more request is answered with 429',
  }),
  heldBytes: gauge({
    name: 'ocr.uploads.held.bytes',
    help: 'Bytes of all uploads in memory',
  }),
  heldLimit: gauge({
    name: 'ocr.uploads.held.limit.bytes',
    help: 'Most bytes of uploads in memory; more is answered with 429',
  }),
  startDuration: gauge({
    name: 'ocr.start.duration.seconds',
    help: 'Time from the start of the process until it listened, was ready, and first answered',
    labels: { phase: ['listening', 'ready', 'first_answer'] },
  }),
  build: gauge({
    name: 'ocr.build.info',
    help: 'Always 1',
    labels: { version: { atMost: 1 } },
  }),
} as const

export interface RequestEnd {
  readonly method: string
  /** The route that took the request, and not its path. */
  readonly route: string
  /** HTTP status, or the code of gRPC. */
  readonly status: number
  readonly error: ErrorKind | undefined
}

/** Counts requests, whichever way they come. */
export interface RequestMeter {
  /** A request has begun; what is returned is to be called when it ends, with nothing if that is not to be seen. */
  start(): (end?: RequestEnd) => void
  /** What never became a request. */
  refused(error: ErrorKind): void
  dropped(): void
}

type PutDuration = (end: RequestEnd, seconds: number) => void

export interface ServerMeter extends RequestMeter {
  /** For requests of another protocol, whose time is put elsewhere. */
  of(putDuration: PutDuration): Pick<RequestMeter, 'start'>
  /** A phase of the start is over. */
  reached(phase: 'listening' | 'ready'): void
}

export function createServerMeter(
  instruments: Instruments<typeof serverMetrics>,
  options: { readonly version: string },
): ServerMeter {
  const { requestDuration, activeRequests, errors, startDuration } = instruments
  let active = 0
  const phases = new Map<'listening' | 'ready' | 'first_answer', number>()
  const reached = (phase: 'listening' | 'ready' | 'first_answer') => {
    if (!phases.has(phase)) phases.set(phase, performance.now() / 1_000)
  }
  activeRequests.observe((tell) => tell(active))
  startDuration.observe((tell) => {
    for (const [phase, time] of phases) tell(time, { phase })
  })
  instruments.build.observe((tell) => tell(1, options))
  const of = (putDuration: PutDuration): Pick<RequestMeter, 'start'> => ({
    start() {
      const start = performance.now()
      active++
      return (end) => {
        active--
        if (!end) return
        putDuration(end, (performance.now() - start) / 1_000)
        if (end.error) errors.record(1, { error_type: end.error })
        else reached('first_answer')
      }
    },
  })
  const ofHttp = of(({ method, route, status, error }, duration) =>
    requestDuration.record(duration, {
      http_request_method: methodOf(method),
      http_route: route,
      http_response_status_code: String(status),
      error_type: error,
    }),
  )
  return {
    ...ofHttp,
    of,
    refused: (error) => errors.record(1, { error_type: error }),
    dropped: () => instruments.droppedConnections.record(1),
    reached,
  }
}

/** What {@link observeRoom} shows. */
export interface Room {
  readonly admission: Pick<Admission, 'admitted' | 'limit'>
  readonly receiving: Pick<Receiving, 'heldBytes' | 'limitBytes'>
}

/** Shows how many places and how much of the memory for uploads are taken, and how much there is of both. */
export function observeRoom(
  instruments: Instruments<typeof serverMetrics>,
  { admission, receiving }: Room,
): void {
  instruments.admittedRequests.observe((tell) => tell(admission.admitted))
  instruments.admittedLimit.observe((tell) => tell(admission.limit))
  instruments.heldBytes.observe((tell) => tell(receiving.heldBytes))
  instruments.heldLimit.observe((tell) => tell(receiving.limitBytes))
}
