import { decodeBase64, maxJsonBytes } from '../../contract/base64.ts'
import { invalid, OcrError } from '../../contract/errors.ts'
import { parseJson } from '../../contract/json.ts'
import { mediaTypeOf, readBody } from '../../platform/body.ts'
import type { Hold } from '../../platform/receiving.ts'
import { attributesFrom, type EventAttributes, requiredAttributes } from './attributes.ts'
import { decodeHeader } from './header-values.ts'

// CloudEvents 1.0 over HTTP. What the SDK would do to data and to encoded headers is done here.

/** How an event is laid out in a message (HTTP binding, 3). */
export type EventMode = 'binary' | 'structured'

/** Undefined when there is none. */
export type EventData =
  | { readonly type: 'json'; readonly value: unknown }
  | { readonly type: 'bytes'; readonly bytes: Uint8Array }
  | undefined

export interface IncomingEvent {
  readonly attributes: EventAttributes
  readonly data: EventData
}

interface ReadOptions {
  readonly mode: EventMode
  /** Largest document. */
  readonly maxFileBytes: number
  readonly memory: Hold
  /** Throws if the event is not wanted: before its data has come, where that is possible. */
  readonly check: (attributes: EventAttributes) => void
}

/**
 * Reads the event that a request is.
 * @throws OcrError `invalid_request`, `payload_too_large`, what `check` throws, and what {@link readBody} does
 */
export async function readEvent(request: Request, options: ReadOptions): Promise<IncomingEvent> {
  const { mode, maxFileBytes, memory, check } = options
  if (mode === 'structured') {
    const event = await parseStructured(await readBody(request, maxJsonBytes(maxFileBytes), memory))
    check(event.attributes)
    return event
  }
  const attributes = await binaryAttributes(request.headers)
  check(attributes)
  const limitBytes = isJson(attributes.datacontenttype) ? maxJsonBytes(maxFileBytes) : maxFileBytes
  return { attributes, data: binaryData(attributes, await readBody(request, limitBytes, memory)) }
}

/**
 * Tells how the event is laid out by the headers (HTTP binding, 3.1).
 * @throws OcrError `unsupported_media` for several events at once and other forms than JSON, `invalid_request` when
 * there is no event
 */
export function modeOf(headers: Headers): EventMode {
  const mediaType = mediaTypeOf(headers.get('content-type'))
  if (mediaType.startsWith('application/cloudevents-batch')) {
    throw new OcrError('unsupported_media', 'Send one event in a request, not a batch of them.')
  }
  if (mediaType.startsWith('application/cloudevents')) {
    if (/^application\/cloudevents(?:\+json)?$/.test(mediaType)) return 'structured'
    const message = 'A structured event must be application/cloudevents+json.'
    throw new OcrError('unsupported_media', message)
  }
  if (requiredAttributes.some((name) => headers.has(`ce-${name}`))) return 'binary'
  const message =
    'Send a CloudEvent: its attributes in headers such as ce-type, or all of it as application/cloudevents+json.'
  invalid(message)
}

/** All attributes of an event in binary mode are in its headers. */
function binaryAttributes(headers: Headers): Promise<EventAttributes> {
  const attributes: Record<string, unknown> = {}
  for (const [header, value] of headers) {
    // The type of the data has a header of its own, which is not encoded (HTTP binding, 3.1.1).
    if (!header.startsWith('ce-') || header === 'ce-datacontenttype') continue
    const name = header.slice('ce-'.length)
    attributes[name] = decodeHeader(name, value)
  }
  const datacontenttype = headers.get('content-type') || undefined
  return attributesFrom({ ...attributes, datacontenttype })
}

function binaryData({ datacontenttype }: EventAttributes, body: Uint8Array): EventData {
  if (body.length === 0) return undefined
  return isJson(datacontenttype)
    ? { type: 'json', value: parseJson(body) }
    : { type: 'bytes', bytes: body }
}

/** The JSON format of CloudEvents. */
async function parseStructured(body: Uint8Array): Promise<IncomingEvent> {
  const json = parseJson(body)
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    invalid('A structured event must be a JSON object.')
  }
  // An attribute that is null is one that is not there (JSON format, 2.2).
  const members = Object.entries(json).filter(([, value]) => value !== null)
  const { data, data_base64: base64, ...given } = Object.fromEntries(members)
  const attributes = await attributesFrom(given)
  return { attributes, data: structuredData(attributes, { data, base64 }) }
}

function structuredData(
  { datacontenttype }: EventAttributes,
  { data, base64 }: { data: unknown; base64: unknown },
): EventData {
  if (base64 !== undefined) {
    if (data !== undefined) invalid('An event has data or data_base64, and not both.')
    const bytes = typeof base64 === 'string' ? decodeBase64(base64) : undefined
    if (!bytes) invalid('data_base64 is not valid base64.')
    const isDeclared = datacontenttype !== undefined && isJson(datacontenttype)
    return isDeclared ? { type: 'json', value: parseJson(bytes) } : { type: 'bytes', bytes }
  }
  if (data === undefined) return undefined
  // What has no type is JSON (JSON format, 3.1.1).
  if (datacontenttype === undefined || isJson(datacontenttype)) return { type: 'json', value: data }
  invalid(`Data of the type ${datacontenttype.slice(0, 60)} must come in data_base64.`)
}

const isJson = (contentType: string | undefined): boolean =>
  /^(?:application|text)\/(?:[\w.-]+\+)?json$/.test(mediaTypeOf(contentType))
