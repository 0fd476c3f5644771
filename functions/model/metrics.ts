import { errorKinds } from '../contract/errors.ts'
import { fileTypeNames } from '../contract/file-types.ts'
import { counter, gauge, histogram, seconds, total } from '../platform/telemetry/definitions.ts'
import type { Instruments } from '../platform/telemetry/metrics.ts'
import { type RequestEnd, serverMetrics } from '../platform/telemetry/server-metrics.ts'

/** Callers may join languages in thousands of ways. */
const lang = { atMost: 20 }
/** KServe's own server has these, with one label. */
const ofKServe = { labels: { model_name: { atMost: 1 } }, buckets: seconds }

/** Every metric of the model. */
export const modelMetrics = {
  ...serverMetrics,
  callDuration: histogram({
    name: 'rpc.server.call.duration.seconds',
    help: 'Time from the headers of a gRPC call to its status',
    labels: {
      rpc_method: { atMost: 40 },
      rpc_response_status_code: { atMost: 20 },
      error_type: errorKinds,
    },
    buckets: seconds,
  }),
  preprocess: histogram({
    name: 'request.preprocess.seconds',
    help: 'Time for parsing an inference request',
    ...ofKServe,
  }),
  predict: histogram({
    name: 'request.predict.seconds',
    help: 'Time for the work on it, waiting for an engine included',
    ...ofKServe,
  }),
  postprocess: histogram({
    name: 'request.postprocess.seconds',
    help: 'Time for encoding its answer',
    ...ofKServe,
  }),
  documentSize: histogram({
    name: 'ocr.document.size.bytes',
    help: 'Size of a document that was taken in',
    labels: { type: [...fileTypeNames, 'unknown'] },
    buckets: [10e3, 30e3, 100e3, 300e3, 1e6, 3e6, 10e6, 30e6],
  }),
  pagePixels: histogram({
    name: 'ocr.page.pixels',
    help: 'Pixels of a page that was read, as it was decoded or drawn',
    buckets: [0.1e6, 0.5e6, 1e6, 2e6, 4e6, 8e6, 16e6, 32e6, 64e6],
  }),
  queueWait: histogram({
    name: 'ocr.queue.wait.seconds',
    help: 'Time that a page, or the opening of a document, waited for its turn',
    buckets: seconds,
  }),
  queuePages: gauge({
    name: 'ocr.queue.pages',
    help: 'Pages, and documents to be opened, that wait for their turn',
  }),
  slotsBusy: gauge({
    name: 'ocr.slots.busy',
    help: 'Pages that are being read',
  }),
  slotsLimit: gauge({
    name: 'ocr.slots.limit',
    help: 'Pages that can be read at once',
  }),
  stageDuration: histogram({
    name: 'ocr.stage.duration.seconds',
    help: 'Time of a step of the work on a page, or of opening its document',
    labels: { stage: ['open', 'decode', 'normalize', 'recognize', 'parse', 'improve', 'picture'] },
    buckets: seconds,
  }),
  recognitionDuration: histogram({
    name: 'ocr.engine.recognition.duration.seconds',
    help: 'Time of one reading of a page by the engine; for `best` and `rotate=auto` a page has several',
    labels: { outcome: ['read', 'timeout', 'cancelled', 'crashed', 'unavailable'] },
    buckets: seconds,
  }),
  processesStarted: counter({
    name: 'ocr.engine.processes.started',
    help: 'Engine processes that were started',
  }),
  processesEnded: counter({
    name: 'ocr.engine.processes.ended',
    help: 'Engine processes that ended: crashed by themselves, killed with a page, recycled after many pages, replaced by one with other options, or closed',
    labels: { reason: ['crashed', 'killed', 'recycled', 'replaced', 'closed'] },
  }),
  engineProcesses: gauge({
    name: 'ocr.engine.processes',
    help: 'Engine processes that are there, by the language that they have loaded',
    labels: { lang },
  }),
  engineMemory: gauge({
    name: 'ocr.engine.memory.bytes',
    help: 'Resident memory of the engine processes, by the language that they have loaded',
    labels: { lang },
  }),
  programCpu: total({
    name: 'ocr.programs.cpu.seconds',
    help: 'CPU time of engines and of other programs that were started; that of Node is process_cpu_seconds_total',
  }),
  pages: counter({
    name: 'ocr.pages',
    help: 'Pages that were worked on: read, read as empty, or failed',
    labels: { outcome: ['read', 'empty', 'failed'], lang },
  }),
  words: counter({
    name: 'ocr.words',
    help: 'Words that were read',
    labels: { lang },
  }),
  pageConfidence: histogram({
    name: 'ocr.page.confidence',
    help: 'Mean confidence of the words of a page, from 0 to 1; of pages with words',
    labels: { lang },
    buckets: [0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1],
  }),
} as const

export type ModelInstruments = Instruments<typeof modelMetrics>

/** Puts the time of a gRPC call where it belongs. */
export const putCallDuration =
  ({ callDuration }: Pick<ModelInstruments, 'callDuration'>) =>
  ({ route, status, error }: RequestEnd, duration: number): void =>
    callDuration.record(duration, {
      rpc_method: route,
      rpc_response_status_code: String(status),
      error_type: error,
    })
