import { create, toBinary } from '@bufbuild/protobuf'
import { ModelReadyRequestSchema } from '../../functions/model/grpc/generated/inference_pb.ts'
import { pick } from '../documents/random.ts'

export type Random = () => number

export interface RandomRequest {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** A message to a method of gRPC. */
export interface RandomCall {
  readonly path: string
  readonly message: Uint8Array
}

const letters = [...'abcdefghijklmnopqrstuvwxyz']
export const word = (random: Random, length = 8): string =>
  Array.from({ length }, () => pick(random, letters)).join('')

const methods = ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'PURGE']

/** Languages that may be asked for, but are not installed: one, or up to eight of them. */
const languages = (random: Random): string =>
  Array.from({ length: 1 + Math.floor(random() * 8) }, () => `x${word(random, 4)}`).join('%2B')

/** The first bytes of a picture that ends there. */
const picture = 'GIF89a'

/** Each kind is answered by one status and error, whatever chance puts into it. */
export const gatewayRequests: ReadonlyArray<(random: Random) => RandomRequest> = [
  (random) => ({ method: pick(random, methods), path: `/${word(random)}/${word(random)}` }),
  (random) => ({ method: pick(random, methods), path: '/v1/ocr' }),
  (random) => ({ method: 'GET', path: `/v1/results/${word(random)}` }),
  (random) => ({ method: 'POST', path: `/v1/ocr?psm=${word(random)}`, body: picture }),
  (random) => ({ method: 'POST', path: `/v1/ocr?${word(random)}=1`, body: picture }),
  (random) => ({ method: 'POST', path: `/v1/ocr?lang=${languages(random)}`, body: picture }),
  (random) => ({ method: 'POST', path: '/v1/ocr', body: `${picture}${word(random)}` }),
  (random) => ({
    method: 'POST',
    path: '/v1/ocr',
    headers: { accept: `image/${word(random)}`, 'user-agent': word(random) },
    body: picture,
  }),
  (random) => ({
    method: 'POST',
    path: '/v1/ocr',
    headers: { 'content-type': `application/${word(random)}`, [`x-${word(random)}`]: word(random) },
    body: picture,
  }),
  (random) => ({
    method: 'POST',
    path: '/events',
    headers: {
      'ce-specversion': '1.0',
      'ce-id': word(random),
      'ce-source': `/${word(random)}`,
      'ce-type': word(random),
      [`ce-${word(random)}`]: word(random),
    },
    body: picture,
  }),
  (random) => ({
    method: 'GET',
    path: '/livez',
    headers: { traceparent: `00-${digits(random, 32)}-${digits(random, 16)}-01` },
  }),
]

const digits = (random: Random, length: number): string =>
  Array.from({ length }, () => (1 + Math.floor(random() * 15)).toString(16)).join('')

const infer = (parameters: object) =>
  JSON.stringify({
    inputs: [{ name: 'image', datatype: 'BYTES', shape: [1], data: ['R0lGODlh'] }],
    parameters,
  })

export const modelRequests: ReadonlyArray<(random: Random) => RandomRequest> = [
  (random) => ({ method: pick(random, methods), path: `/${word(random)}` }),
  (random) => ({ method: 'GET', path: `/v2/models/${word(random)}` }),
  (random) => ({ method: 'GET', path: `/v2/models/ocr-model/versions/${word(random)}/ready` }),
  (random) => ({ method: 'POST', path: `/v2/models/${word(random)}/infer`, body: infer({}) }),
  (random) => ({
    method: 'POST',
    path: '/v2/models/ocr-model/infer',
    body: infer({ lang: decodeURIComponent(languages(random)) }),
  }),
  (random) => ({
    method: 'POST',
    path: '/v2/models/ocr-model/infer',
    body: infer({ [word(random)]: word(random) }),
  }),
  (random) => ({ method: 'POST', path: '/v2/models/ocr-model/infer', body: word(random) }),
  (random) => ({ method: 'POST', path: `/v1/models/${word(random)}:predict`, body: '{}' }),
  (random) => ({ method: 'POST', path: `/v1/models/ocr-model:${word(random)}`, body: '{}' }),
  (random) => ({ method: 'POST', path: `/v2/repository/models/${word(random)}/load`, body: '{}' }),
]

const modelReady = (name: string) =>
  toBinary(ModelReadyRequestSchema, create(ModelReadyRequestSchema, { name }))

const service = '/inference.GRPCInferenceService'

export const modelCalls: ReadonlyArray<(random: Random) => RandomCall> = [
  (random) => ({
    path: `/${word(random)}.${word(random)}/${word(random)}`,
    message: modelReady(''),
  }),
  (random) => ({ path: `${service}/${word(random)}`, message: modelReady('') }),
  (random) => ({ path: `${service}/ModelReady`, message: modelReady(word(random)) }),
  () => ({ path: `${service}/ServerLive`, message: new Uint8Array() }),
  () => ({ path: `${service}/ModelInfer`, message: new Uint8Array() }),
]
