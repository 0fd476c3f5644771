import { integer, type Setting, type Values } from '../../platform/settings.ts'
import { parseOverrides } from './overrides.ts'

/** Where result events go; the first two are as Knative's SinkBinding sets them. */
export const sinkSettings = {
  sinkUrl: {
    name: 'K_SINK',
    help: 'URL that result events are sent to; none if empty',
    fallback: '',
    range: 'an http or https URL without a user',
    parse: (raw) => (isSinkUrl(raw) ? raw : undefined),
  } satisfies Setting<string>,
  ceOverrides: {
    name: 'K_CE_OVERRIDES',
    help: 'Extensions that every event for the sink gets, as JSON: `{"extensions": {"name": "value"}}`',
    fallback: '',
    range:
      'JSON such as {"extensions": {"name": "value"}}, its names of a–z and 0–9 and none of CloudEvents itself, its values text',
    parse: (raw) => (parseOverrides(raw) ? raw : undefined),
  } satisfies Setting<string>,
  sinkQueue: integer({
    name: 'OCR_SINK_QUEUE',
    help: 'Results for the sink that are promised, wait or are on their way, each with up to `OCR_EVENT_MAX_BYTES` in memory; one more request for such a result is answered with 429',
    fallback: 100,
    min: 1,
    max: 10_000,
  }),
  sinkTimeoutMs: integer({
    name: 'OCR_SINK_TIMEOUT_MS',
    help: 'Time for the sink to take an event, for each attempt',
    fallback: 10_000,
    min: 10,
    max: 120_000,
  }),
  sinkRetries: integer({
    name: 'OCR_SINK_RETRIES',
    help: 'Further attempts to deliver an event, at growing intervals',
    fallback: 10,
    min: 0,
    max: 20,
  }),
}

export type SinkSettings = Values<typeof sinkSettings>

function isSinkUrl(raw: string): boolean {
  const url = URL.parse(raw)
  return url !== null && /^https?:$/.test(url.protocol) && url.username + url.password === ''
}
