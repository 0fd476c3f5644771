import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { accepts } from 'hono/accepts'
import type { Edge } from '../../platform/http.ts'
import { streamOf } from '../answer/whole.ts'

/** A file that is sent as it is to whoever asks, and held once for all of them. */
export interface Asset {
  readonly contentType: string
  readonly cacheControl: string
  readonly tag: string
  readonly identity: Uint8Array
  /** By encoding, the smallest first. */
  readonly compressed: ReadonlyMap<string, Uint8Array>
}

/** What changes with the bytes of a file. */
export const tagOf = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex').slice(0, 16)

/** Answers with the smallest form of a file that the client reads. */
export function sendAsset(c: Context<Edge>, asset: Asset): Response {
  const { contentType, cacheControl, tag, identity, compressed } = asset
  const encoding = accepts(c, {
    header: 'Accept-Encoding',
    supports: [...compressed.keys()],
    default: 'identity',
    match: (accepted, { supports }) =>
      supports.find((name) => accepted.some(({ type, q }) => type === name && q > 0)) ?? 'identity',
  })
  const bytes = compressed.get(encoding) ?? identity
  c.header('Content-Type', contentType)
  c.header('Cache-Control', cacheControl)
  c.header('ETag', `"${tag}-${encoding}"`)
  c.header('Content-Length', String(bytes.length))
  if (compressed.size > 0) c.header('Vary', 'Accept-Encoding')
  if (encoding !== 'identity') c.header('Content-Encoding', encoding)
  return c.body(streamOf(bytes))
}
