import type { Model, Service } from './start.ts'

/** Uploads an image to the gateway as a browser or curl does. */
export function upload(gateway: Service, image: Buffer, init: RequestInit = {}): Promise<Response> {
  const body = new FormData()
  body.append('image_file', new Blob([new Uint8Array(image)]), 'image')
  return fetch(`${gateway.url}/gateway/ocr`, { method: 'POST', body, ...init })
}

interface Tensor {
  readonly name: string
  readonly data: readonly unknown[]
}

/** Has the model read an image that is sent as base64 in JSON; returns its outputs by name. */
export async function inferJson(
  model: Pick<Model, 'inferUrl'>,
  image: Buffer,
  request: object = {},
  init: RequestInit = {},
): Promise<Record<string, unknown>> {
  const input = { name: 'image', datatype: 'BYTES', shape: [1], data: [image.toString('base64')] }
  const body = JSON.stringify({ inputs: [input], ...request })
  return outputsOf(await fetch(model.inferUrl, { method: 'POST', body, ...init }))
}

/** The same with the image as a raw tensor behind the JSON. */
export async function inferBinary(model: Model, image: Buffer): Promise<Record<string, unknown>> {
  const prefix = Buffer.alloc(4)
  prefix.writeUInt32LE(image.length)
  const parameters = { binary_data_size: 4 + image.length }
  const input = { name: 'image', datatype: 'BYTES', shape: [1], parameters }
  const json = Buffer.from(JSON.stringify({ inputs: [input] }))
  const body = Buffer.concat([json, prefix, image])
  const headers = { 'Inference-Header-Content-Length': String(json.length) }
  return outputsOf(await fetch(model.inferUrl, { method: 'POST', body, headers }))
}

async function outputsOf(response: Response): Promise<Record<string, unknown>> {
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.status}: ${text}`)
  const { outputs } = JSON.parse(text) as { outputs: Tensor[] }
  return Object.fromEntries(outputs.map(({ name, data }) => [name, data[0]]))
}
