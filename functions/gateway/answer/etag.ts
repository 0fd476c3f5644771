import { createHash, subtle } from 'node:crypto'
import type { EngineInfo, OcrDocument } from '../../contract/ocr.ts'
import type { Wanted } from './negotiate.ts'

/** What an answer follows from: with the same of all of it, it is the same answer. */
export interface Source {
  /** SHA-256 of the file. */
  readonly digest: Promise<ArrayBuffer>
  readonly wanted: Pick<Wanted, 'format' | 'detail' | 'options'>
  /** Of the gateway, which writes the formats. */
  readonly version: string
}

/** Hashes beside the event loop, which a large file would hold up. */
export const digestOf = (file: Uint8Array): Promise<ArrayBuffer> => subtle.digest('SHA-256', file)

/**
 * A weak tag (RFC 9110, 8.8.3), since the times in an answer differ.
 * @param engine what has read the file, or would
 */
export async function etagOf(
  { digest, wanted, version }: Source,
  engine: Pick<EngineInfo, 'version' | 'data'>,
): Promise<string> {
  const sorted = (values: object) => Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1))
  const { format, detail, options } = wanted
  const facts = [format, detail, sorted(options), version, engine.version, sorted(engine.data)]
  const hash = createHash('sha256').update(new Uint8Array(await digest))
  return `W/"${hash.update(JSON.stringify(facts)).digest('base64url')}"`
}

/** Whether the same request would have the same answer; one that lacks something for want of time may have another. */
export const isFinal = ({ complete, warnings }: OcrDocument): boolean =>
  complete && !warnings.some(({ code }) => code === 'not_improved')

/**
 * The tag of the answer, if the header `If-None-Match` names it, so that the file need not be read.
 * @param askEngine what would read it; whoever cannot tell does not keep the file from being read
 */
export async function tagIn(
  header: string | undefined,
  source: Source,
  askEngine: () => Promise<Pick<EngineInfo, 'version' | 'data'>>,
): Promise<string | undefined> {
  if (header === undefined) return undefined
  const engine = await askEngine().catch(() => undefined)
  const etag = engine && (await etagOf(source, engine))
  return etag && isNamedIn(header, etag) ? etag : undefined
}

/** Whether `If-None-Match` names the tag; weak comparison (RFC 9110, 13.1.2). No answer is kept here for `*` to mean. */
function isNamedIn(header: string, etag: string): boolean {
  const opaque = (tag: string) => tag.trim().replace(/^W\//, '')
  return header.split(',').some((tag) => opaque(tag) === opaque(etag))
}
