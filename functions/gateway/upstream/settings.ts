import { integer, text, type Values } from '../../platform/settings.ts'

const MiB = 2 ** 20

/** How the gateway calls the model. */
export const upstreamSettings = {
  inferUrl: text({
    name: 'KSERVE_URL',
    help: 'Infer URL of the model',
    fallback: 'http://127.0.0.1:8080/v2/models/ocr-model/infer',
    pattern: /^https?:\/\/\S+$/,
    range: 'an http or https URL',
  }),
  connectTimeoutMs: integer({
    name: 'OCR_CONNECT_TIMEOUT_MS',
    help: 'Time for a connection to the model',
    fallback: 2_000,
    min: 10,
    max: 60_000,
  }),
  modelConnections: integer({
    name: 'OCR_MODEL_CONNECTIONS',
    help: 'Connections to the model, kept open between requests',
    fallback: 64,
    min: 1,
    max: 1_000,
  }),
  maxAnswerBytes: integer({
    name: 'OCR_MAX_ANSWER_BYTES',
    help: 'Largest answer of the model that is read; the pictures in it may have the `OCR_MAX_PDF_BYTES` of the model, and its text as much again',
    fallback: 128 * MiB,
    min: MiB,
    max: 1024 * MiB,
  }),
  answerMemoryBytes: integer({
    name: 'OCR_ANSWER_MEMORY_BYTES',
    help: 'Bytes of all long answers together, those that come from the model and those that clients have not taken yet; more is answered with 429',
    fallback: 256 * MiB,
    min: MiB,
    max: 64 * 1024 * MiB,
  }),
  breakerFailures: integer({
    name: 'OCR_BREAKER_FAILURES',
    help: 'Calls in a row that find no model, after which further ones are refused without asking it',
    fallback: 5,
    min: 1,
    max: 1_000,
  }),
  breakerOpenMs: integer({
    name: 'OCR_BREAKER_OPEN_MS',
    help: 'How long calls are refused before one of them tries the model again',
    fallback: 1_000,
    min: 10,
    max: 60_000,
  }),
}

export type UpstreamSettings = Values<typeof upstreamSettings>
