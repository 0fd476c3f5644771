import { Agent, type Dispatcher, FormData, request } from 'undici'
import { authorization, gateway, kubectl, model, predictorUrl } from './cluster.ts'

/** Where the ingress of Knative is reached from where the test runs. */
export const ingress =
  process.env['OCR_INGRESS_URL'] ?? 'http://kourier.kourier-system.svc.cluster.local'
/** A connection for each request, so that none is tied to a pod; time enough for cold starts. */
const dispatcher = new Agent({ pipelining: 0, headersTimeout: 200_000, connections: 100 })

export interface Answer {
  readonly status: number
  readonly text: string
  readonly ms: number
}

async function answerTo(
  url: string,
  options: Omit<Dispatcher.RequestOptions, 'origin' | 'path'>,
): Promise<Answer> {
  const start = performance.now()
  const { statusCode, body } = await request(url, { dispatcher, ...options })
  const text = await body.text()
  return { status: statusCode, text, ms: performance.now() - start }
}

let host = ''

/** A request to the gateway by the ingress. */
async function atGateway(
  path: string,
  init: { method: 'GET' | 'POST'; body?: FormData | Buffer },
): Promise<Answer> {
  host ||= (
    await kubectl('get', `services.serving.knative.dev/${gateway}`, '-o', 'jsonpath={.status.url}')
  ).replace(/^https?:\/\//, '')
  return await answerTo(`${ingress}${path}`, { headers: { host, authorization }, ...init })
}

export const isGatewayAlive = () => atGateway('/livez', { method: 'GET' })

function form(image: Buffer): FormData {
  const body = new FormData()
  body.append('image_file', new Blob([new Uint8Array(image)]), 'image')
  return body
}

/** Has the whole system read an image. */
export const read = (image: Buffer): Promise<Answer> =>
  atGateway('/gateway/ocr', { method: 'POST', body: form(image) })

/** The same by an address that needs no ingress. */
export const readAt = (url: string, image: Buffer): Promise<Answer> =>
  answerTo(`${url}/gateway/ocr`, { method: 'POST', headers: { authorization }, body: form(image) })

/** Has the whole system read an image and send the result to its sink, too. */
export const readAndNotify = (image: Buffer): Promise<Answer> =>
  atGateway('/v1/ocr?notify=true', { method: 'POST', body: image })

/** Gives the broker of the chart an image to be read, as the event of a source of the tests. */
export async function submit(id: string, image: Buffer): Promise<Answer> {
  const url = await kubectl('get', 'brokers/ocr-documents', '-o', 'jsonpath={.status.address.url}')
  const headers = {
    'ce-specversion': '1.0',
    'ce-type': 'dev.ocr.document.submitted',
    'ce-source': '/tests',
    'ce-id': id,
    'content-type': 'image/png',
  }
  return await answerTo(url, { method: 'POST', headers, body: image })
}

/** Has the model alone read an image. */
export function infer(image: Buffer): Promise<Answer> {
  return answerTo(`${predictorUrl}/v2/models/${model}/infer`, {
    method: 'POST',
    headers: { 'inference-header-content-length': '0' },
    body: image,
  })
}
