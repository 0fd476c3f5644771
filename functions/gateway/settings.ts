import { eventTypes } from '../contract/events.ts'
import { receivingSettings } from '../platform/receiving.ts'
import { integer, serverSettings, text, type Values } from '../platform/settings.ts'
import { telemetrySettings } from '../platform/telemetry/settings.ts'
import { accessSettings } from './access/settings.ts'
import { claimSettings } from './claim/settings.ts'
import { eventSettings } from './events/settings.ts'
import { sinkSettings } from './sink/settings.ts'
import { upstreamSettings } from './upstream/settings.ts'

const MiB = 2 ** 20

/** Every setting of the gateway. */
export const gatewaySettings = {
  ...serverSettings,
  ...receivingSettings({ uploadMemoryMiB: 256 }),
  ...accessSettings,
  corsOrigins: text({
    name: 'OCR_CORS_ORIGINS',
    help: 'Origins of web pages that may call, with commas between them; none if empty',
    fallback: '',
    pattern: /^(?:\*|https?:\/\/[^\s,/]+(?:,https?:\/\/[^\s,/]+)*)$/,
    range: '`*`, or origins such as https://example.org',
  }),
  requestTimeoutMs: integer({
    name: 'OCR_REQUEST_TIMEOUT_MS',
    help: 'Time for a request, from its headers to its last byte; the start of the model from zero is in it',
    fallback: 150_000,
    min: 100,
    max: 600_000,
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
    help: 'Documents that are being read at once, each with its upload in memory; one more is answered with 429',
    fallback: 40,
    min: 1,
    max: 10_000,
  }),
  rangePages: integer({
    name: 'OCR_RANGE_PAGES',
    help: 'Pages of a long document that are asked of the model in one request',
    fallback: 1,
    min: 1,
    max: 32,
  }),
  rangeRequests: integer({
    name: 'OCR_RANGE_REQUESTS',
    help: 'Requests to the model at once for one long document',
    fallback: 4,
    min: 1,
    max: 64,
  }),
  ...upstreamSettings,
  ...eventSettings,
  ...claimSettings,
  ...sinkSettings,
  ...telemetrySettings({ serviceName: 'ocr-gateway' }),
}

export type GatewaySettings = Values<typeof gatewaySettings>

/** What the largest upload takes when it comes as base64 and compressed, until it has been decoded. */
const copies = 3

/** @throws Error when two settings do not go together */
export function checkSettings(settings: GatewaySettings): void {
  const { uploadMemoryBytes, maxUploadBytes, events, access, eventType } = settings
  const { answerMemoryBytes, maxAnswerBytes } = settings
  const named = gatewaySettings
  if (uploadMemoryBytes < copies * maxUploadBytes) {
    const least = `at least ${copies} times ${named.maxUploadBytes.name}, which is ${maxUploadBytes}`
    throw new Error(`${named.uploadMemoryBytes.name} is ${uploadMemoryBytes}, but must be ${least}`)
  }
  if (answerMemoryBytes < maxAnswerBytes) {
    const least = `at least ${named.maxAnswerBytes.name}, which is ${maxAnswerBytes}`
    throw new Error(`${named.answerMemoryBytes.name} is ${answerMemoryBytes}, but must be ${least}`)
  }
  if (events === 'keys' && access === 'open') {
    throw new Error(`${named.events.name} is keys, but ${named.access.name} is open`)
  }
  // A result would be taken for a document, and its result for another.
  if (eventType === eventTypes.recognized || eventType === eventTypes.failed) {
    const message = `${named.eventType.name} is ${eventType}, which is the type of a result; results would come back for ever`
    throw new Error(message)
  }
}
