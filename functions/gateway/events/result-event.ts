import { createHash } from 'node:crypto'
import type { OcrError } from '../../contract/errors.ts'
import { eventTypes } from '../../contract/events.ts'
import type { OcrResult } from '../../contract/ocr-tensors.ts'
import type { Told } from '../answer/detail.ts'
import { problemOf } from '../problem.ts'
import { fitResult } from './fit.ts'
import type { EventMode } from './incoming-event.ts'
import { type OutgoingEvent, writeEvent } from './outgoing-event.ts'

/** What a result is of: an event, or a request. */
export interface Cause {
  readonly source: string
  readonly id: string
  readonly subject?: string
  /** Attributes that the result has as well. */
  readonly extensions: Readonly<Record<string, string>>
}

interface Rules {
  /** Of the events that are made here. */
  readonly source: string
  /** Most bytes of an event in whichever mode, its headers included. */
  readonly maxBytes: number
}

export interface ResultEvents {
  recognized(cause: Cause, result: OcrResult, told: Told): Promise<OutgoingEvent>
  failed(cause: Cause, error: OcrError): OutgoingEvent
}

/** Makes the events that tell what became of a document; the same one has the same id each time, wherever it is made. */
export function createResultEvents({ source, maxBytes }: Rules): ResultEvents {
  const eventOf = (cause: Cause, type: string, data: string): OutgoingEvent => ({
    id: idOf(cause, type),
    source,
    type,
    ...(cause.subject !== undefined && { subject: cause.subject }),
    time: new Date().toISOString(),
    extensions: { ...cause.extensions, causationid: cause.id },
    data,
  })
  return {
    async recognized(cause, result, told) {
      const empty = eventOf(cause, eventTypes.recognized, '{}')
      const sizes = [await sizeOf(empty, 'binary'), await sizeOf(empty, 'structured')]
      const data = fitResult(result, told, maxBytes - Math.max(...sizes) + empty.data.length)
      return { ...empty, data }
    },
    failed: (cause, error) => eventOf(cause, eventTypes.failed, JSON.stringify(problemOf(error))),
  }
}

async function sizeOf(event: OutgoingEvent, mode: EventMode): Promise<number> {
  const { headers, body } = await writeEvent(event, mode)
  const lines = Object.entries(headers).map(([name, value]) => name.length + value.length + 4)
  return lines.reduce((sum, length) => sum + length, Buffer.byteLength(body))
}

const idOf = ({ source, id }: Cause, type: string): string =>
  createHash('sha256')
    .update(JSON.stringify([source, id, type]))
    .digest('base64url')
