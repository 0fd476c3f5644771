import { type AnswerRequest, parseAnswerRequest } from '../../contract/answer-request.ts'
import { fileInJson } from '../../contract/base64.ts'
import { invalid, tooLarge } from '../../contract/errors.ts'
import { optionAttributes, optionPrefix } from '../../contract/events.ts'
import type { IncomingEvent } from './incoming-event.ts'

/** What an event asks for: a document, here or elsewhere, and how it is to be read. */
export interface Submitted extends Pick<AnswerRequest, 'options' | 'detail'> {
  readonly document:
    | { readonly type: 'file'; readonly file: Uint8Array }
    | { readonly type: 'reference'; readonly reference: string }
}

/**
 * Reads an event as a document. Options in the data win over attributes.
 * @throws OcrError `invalid_request`, `payload_too_large`
 */
export function readSubmitted(event: IncomingEvent, maxFileBytes: number): Submitted {
  const { attributes, data } = event
  const byAttributes = optionsIn(attributes)
  const { dataref } = attributes
  if (dataref !== undefined && typeof dataref !== 'string') {
    invalid('The dataref of an event must be a URL.')
  }
  if (data?.type === 'bytes') {
    if (data.bytes.length > maxFileBytes) throw tooLarge(maxFileBytes)
    return { document: { type: 'file', file: data.bytes }, ...parseOptions(byAttributes) }
  }
  const members = data === undefined ? {} : objectIn(data.value)
  const { file, dataref: reference = dataref, ...byData } = members
  const options = parseOptions({ ...byAttributes, ...byData })
  if (file !== undefined && reference === undefined) {
    return { document: { type: 'file', file: fileInJson(file, maxFileBytes) }, ...options }
  }
  if (typeof reference === 'string' && file === undefined) {
    return { document: { type: 'reference', reference }, ...options }
  }
  const message =
    'The event has no document. Its data must be the file itself, or JSON with either "file" as base64 or "dataref" as a URL.'
  invalid(message)
}

/** By the names of the API; what is no option of it keeps its name, and is refused by that. */
function optionsIn(attributes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const given = Object.entries(attributes).filter(([name]) => name.startsWith(optionPrefix))
  return Object.fromEntries(
    given.map(([name, value]) => [optionAttributes.get(name) ?? name, value]),
  )
}

function parseOptions(given: Readonly<Record<string, unknown>>) {
  const { options, detail, format, notify, async } = parseAnswerRequest(given)
  if (format === undefined && !notify && !async) return { options, detail }
  invalid('The result of an event is an event; format, notify and async must be left out.')
}

function objectIn(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null) return { ...value }
  invalid('The data of the event must be a JSON object.')
}
