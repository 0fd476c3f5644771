import { encodeOcrRequest } from '../../../functions/contract/ocr-tensors.ts'
import { inferenceHeaderLength } from '../../../functions/contract/v2-rest.ts'
import type { Model, Service } from '../../services/start.ts'
import type { Sample } from './samples.ts'

/** A request that is ready to be sent many times; the body has the request's id behind it. */
export interface Prepared {
  readonly sample: Sample
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly parts: readonly Uint8Array[]
}

/** Bytes of a request's id. Behind a file they are no part of its picture, but no two files are the same bytes. */
export const idBytes = 20

/** Asks a service for a sample. */
export type Target = (sample: Sample) => Prepared

export function throughGateway(gateway: Pick<Service, 'url'>): Target {
  const url = new URL('/v1/ocr', gateway.url)
  return (sample) => {
    const contentLength = String(sample.file.length + idBytes)
    const headers = { 'content-type': 'application/octet-stream', 'content-length': contentLength }
    return { sample, url, headers, parts: [sample.file] }
  }
}

export function straightToModel({ inferUrl }: Pick<Model, 'inferUrl'>): Target {
  const url = new URL(inferUrl)
  return (sample) => {
    const image = new Uint8Array(sample.file.length + idBytes)
    const { parts, jsonLength, contentLength } = encodeOcrRequest({ image, options: {} })
    const headers = {
      'content-length': String(contentLength),
      [inferenceHeaderLength]: String(jsonLength),
    }
    return { sample, url, headers, parts: [...parts.slice(0, -1), sample.file] }
  }
}
