import { errorKindHeader, errorTable, isErrorKind } from '../../functions/contract/errors.ts'
import { encodeOcrRequest } from '../../functions/contract/ocr-tensors.ts'
import { inferenceHeaderLength } from '../../functions/contract/v2-rest.ts'
import { childrenOf, isRunning } from '../services/processes.ts'
import type { Model, Service } from '../services/start.ts'
import { until } from '../services/until.ts'

/** What a service answered to a file. */
export interface Reply {
  /** `read`, or why it was not. */
  readonly kind: string
  /** Whether that is an answer that a client may get for what it sent. */
  readonly isProper: boolean
  readonly milliseconds: number
  /** What the model read, without how long that took. */
  readonly document: Buffer
}

/** Asks the model for a document, as the gateway does. */
export async function sendToModel({ inferUrl }: Model, file: Uint8Array): Promise<Reply> {
  const { parts, jsonLength } = encodeOcrRequest({ image: file, options: {} })
  const headers = { [inferenceHeaderLength]: String(jsonLength) }
  const answer = await post(inferUrl, Buffer.concat(parts), headers)
  const document = answer.body.subarray(Number(answer.headers.get(inferenceHeaderLength)))
  return replyOf(answer, answer.headers.get(errorKindHeader), document)
}

/** Asks the gateway for the document in JSON. */
export async function sendToGateway({ url }: Service, file: Uint8Array): Promise<Reply> {
  const answer = await post(`${url}/v1/ocr`, new Uint8Array(file))
  const { code }: { code?: unknown } = JSON.parse(answer.body.toString())
  return replyOf(answer, code, answer.body)
}

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Buffer
  readonly milliseconds: number
}

async function post(
  url: string,
  body: Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const start = performance.now()
  const response = await fetch(url, { method: 'POST', headers, body })
  const answer = Buffer.from(await response.arrayBuffer())
  const milliseconds = performance.now() - start
  return { status: response.status, headers: response.headers, body: answer, milliseconds }
}

function replyOf({ status, milliseconds }: Answer, code: unknown, document: Buffer): Reply {
  if (status === 200) return { kind: 'read', isProper: true, milliseconds, document }
  const isProper = status < 500 && isErrorKind(code) && errorTable[code].status === status
  const kind = isErrorKind(code) ? code : `status ${status}`
  return { kind, isProper, milliseconds, document }
}

/** What a model, which has nothing to do any more, must not have left of all that was sent to it. */
export async function leftovers(model: Model): Promise<Record<string, number>> {
  const isSettled = () => foreignProcesses(model) === 0 || undefined
  // An engine that takes the place of another is not one at once.
  await until(isSettled).catch(() => undefined)
  return {
    crashes: isRunning(model.pid) ? 0 : 1,
    internalErrors: model.log().split('"kind":"internal"').length - 1,
    foreignProcesses: foreignProcesses(model),
    workFiles: model.workFiles().filter((name) => /\.(?:tif|pdf)$/.test(name)).length,
  }
}

function foreignProcesses(model: Model): number {
  const engines = model.engines()
  return childrenOf(model.pid).filter((pid) => !engines.includes(pid)).length
}
