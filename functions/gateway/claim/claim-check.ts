import { lookup } from 'node:dns/promises'
import { tooLarge } from '../../contract/errors.ts'
import { collect } from '../../platform/collect.ts'
import { createDeadline } from '../../platform/deadline.ts'
import type { Hold } from '../../platform/receiving.ts'
import { untilAborted } from '../../platform/until-aborted.ts'
import { parseAllowed } from './addresses.ts'
import { type ArrivingDocument, discard } from './document-source.ts'
import { fetchFailure, unavailable } from './failures.ts'
import { createHttpDocuments } from './http-documents.ts'
import { createLazySource } from './lazy-source.ts'
import { parseOrigins } from './origins.ts'
import type { Resolve } from './pinned-connector.ts'
import { parseReference } from './reference.ts'
import type { S3DocumentsOptions } from './s3-documents.ts'
import type { ClaimSettings } from './settings.ts'

interface FetchCall {
  /** Ends the fetch. */
  readonly signal: AbortSignal
  /** Is told how many bytes are held. */
  readonly memory: Hold
  /** Largest document that is taken. */
  readonly maxBytes: number
}

/** Fetches documents that a caller names and does not send (the claim check pattern). */
export interface ClaimCheck {
  /**
   * The bytes of the document at a URL: `https`, `http`, or `s3://bucket/key` with the key percent-encoded.
   * @throws OcrError `reference_refused` when it may not or cannot be fetched, `reference_unavailable` when it cannot be
   *   fetched now, `payload_too_large`, `overloaded` by the memory; the signal's reason
   */
  fetch(reference: string, call: FetchCall): Promise<Uint8Array>
  /** Ends every connection. */
  close(): Promise<void>
}

interface ClaimCheckOptions extends ClaimSettings {
  /** The addresses of a host; by default those of the system's resolver. */
  readonly resolve?: Resolve
  /** How S3 is reached, where the environment does not tell. */
  readonly s3?: S3DocumentsOptions['config']
}

/** @throws Error that names what is wrong in a setting */
export function createClaimCheck(options: ClaimCheckOptions): ClaimCheck {
  const { dataRefTimeoutMs: timeoutMs, resolve = resolveBySystem } = options
  const origins = parseOrigins(options.dataRefOrigins)
  const isAllowed = parseAllowed(options.dataRefPrivateNetworks)
  const httpDocuments = createHttpDocuments({ origins, isAllowed, resolve })
  // Loading the SDK would nearly double the time in which the gateway starts. It is a file of ours that is imported late,
  // since a bundle has no named exports for a package in CommonJS.
  const s3Documents = createLazySource(async () => {
    const { createS3Documents } = await import('./s3-documents.ts')
    return createS3Documents({ pathStyle: options.s3PathStyle === 'yes', config: options.s3 })
  })

  return {
    async fetch(reference, { signal, ...limits }) {
      const url = parseReference(reference)
      origins.require(url)
      const source = url.protocol === 's3:' ? s3Documents : httpDocuments
      using deadline = createDeadline('Fetching the document', timeoutMs, signal)
      try {
        const opening = source.open(url, deadline.signal)
        return await take(await untilAborted(deadline.signal, opening), limits)
      } catch (error) {
        if (signal.aborted) throw signal.reason
        if (deadline.signal.aborted) throw tookTooLong(timeoutMs, error)
        throw fetchFailure(error)
      }
    },
    async close() {
      await Promise.all([httpDocuments.close(), s3Documents.close()])
    },
  }
}

async function take(
  { announcedBytes, body }: ArrivingDocument,
  { maxBytes: limitBytes, memory }: Omit<FetchCall, 'signal'>,
): Promise<Uint8Array> {
  if (announcedBytes === undefined || announcedBytes <= limitBytes) {
    return await collect(body, { limitBytes, announcedBytes, memory })
  }
  discard(body)
  throw tooLarge(limitBytes)
}

const resolveBySystem: Resolve = (hostname) => lookup(hostname, { all: true })

const tookTooLong = (timeoutMs: number, cause: unknown) =>
  unavailable(`Fetching the document took longer than ${timeoutMs / 1000} s.`, cause)
