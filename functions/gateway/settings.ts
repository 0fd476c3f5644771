import { integer, serverSettings, text } from '../platform/settings.ts'

const MiB = 2 ** 20

/** Every setting of the gateway. */
export const gatewaySettings = {
  ...serverSettings,
  inferUrl: text({
    name: 'KSERVE_URL',
    help: 'Infer URL of the model',
    fallback: 'http://127.0.0.1:8080/v2/models/ocr-model/infer',
    pattern: /^https?:\/\/\S+$/,
    range: 'an http or https URL',
  }),
  maxUploadBytes: integer({
    name: 'OCR_MAX_UPLOAD_BYTES',
    help: 'Largest file that may be uploaded',
    fallback: 20 * MiB,
    min: 1024,
    max: 1024 * MiB,
  }),
  maxRequests: integer({
    name: 'OCR_MAX_REQUESTS',
    help: 'Requests held at once, each with its upload in memory; one more is answered with 429',
    fallback: 40,
    min: 1,
    max: 10_000,
  }),
  modelTimeoutMs: integer({
    name: 'OCR_MODEL_TIMEOUT_MS',
    help: 'Time for the model to answer, its start from zero included',
    fallback: 150_000,
    min: 100,
    max: 600_000,
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
}
