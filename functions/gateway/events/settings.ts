import { eventTypes } from '../../contract/events.ts'
import { integer, oneOf, text } from '../../platform/settings.ts'

const [KiB, MiB] = [2 ** 10, 2 ** 20]

/** How events are taken and answered. */
export const eventSettings = {
  events: oneOf({
    name: 'OCR_EVENTS',
    help: 'Who may send events to `/events`: nobody (`off`), who has a key (`keys`), or everybody (`open`), as a broker needs it',
    fallback: 'off',
    values: ['off', 'keys', 'open'],
  }),
  eventType: text({
    name: 'OCR_EVENT_TYPE',
    help: 'Type of the events that are taken',
    fallback: eventTypes.submitted,
    pattern: /^[\x21-\x7E]{1,200}$/,
    range: 'up to 200 printable characters',
  }),
  eventSource: text({
    name: 'OCR_EVENT_SOURCE',
    help: 'Source of the events that are sent',
    fallback: '/ocr-gateway',
    pattern: /^(?:[a-z][a-z0-9+.-]*:|\/)(?:[\w/.:~?@!$&'()*+,;=-]|%[0-9A-F]{2}){0,400}$/i,
    range: 'a URI such as urn:ocr:1, or a path that begins with /',
  }),
  eventReplies: oneOf({
    name: 'OCR_EVENT_REPLIES',
    help: 'Whether an event is answered with the result when `Prefer: reply` asks for it (`preferred`), or `always`',
    fallback: 'preferred',
    values: ['preferred', 'always'],
  }),
  eventFailures: oneOf({
    name: 'OCR_EVENT_FAILURES',
    help: 'How it is told that a document can never be read: by a status with which a broker takes the event to its `dead-letter` sink, or by an event as the `reply`',
    fallback: 'dead-letter',
    values: ['dead-letter', 'reply'],
  }),
  eventMaxBytes: integer({
    name: 'OCR_EVENT_MAX_BYTES',
    help: 'Largest event that is sent; what does not fit is left out, words first',
    fallback: 512 * KiB,
    min: 64 * KiB,
    max: 16 * MiB,
  }),
  rememberedBytes: integer({
    name: 'OCR_REMEMBERED_BYTES',
    help: 'Memory for results that are kept, of events that come again and of requests that did not wait',
    fallback: 32 * MiB,
    min: MiB,
    max: 4096 * MiB,
  }),
  rememberedMs: integer({
    name: 'OCR_REMEMBERED_MS',
    help: 'How long results are kept',
    fallback: 600_000,
    min: 1,
    max: 86_400_000,
  }),
}
