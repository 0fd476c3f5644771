import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { OcrError, toOcrError } from '../contract/errors.ts'

/** Pages that have killed engines, and are not tried again for some time. */
export interface Quarantine {
  /** The pages of one document; its bytes are only looked at when it matters. */
  of(document: Uint8Array): DocumentQuarantine
}

export interface DocumentQuarantine {
  /**
   * Reads a page, unless the same page of the same document has failed so that it is not tried again.
   * @param page what tells it from other readings of the document: its number, and the options
   * @throws OcrError `engine_crashed` without reading, or what `read` throws
   */
  guard<T>(page: object, read: () => Promise<T>): Promise<T>
}

/** The least recent give way to more. */
const maxPages = 1_000

/** @param forMs time for which a page is not tried again; 0 tries each page always */
export function createQuarantine({ forMs }: { readonly forMs: number }): Quarantine {
  const pages = new LRUCache<string, true>({ max: maxPages, ttl: Math.max(1, forMs) })

  return {
    of(document) {
      let digest: string | undefined
      const keyOf = (page: object) => {
        digest ??= hash('sha256', document)
        return `${digest} ${JSON.stringify(page)}`
      }
      return {
        async guard(page, read) {
          if (pages.size > 0 && pages.has(keyOf(page))) throw isQuarantined(forMs)
          try {
            return await read()
          } catch (error) {
            if (forMs > 0 && toOcrError(error).kind === 'engine_crashed')
              pages.set(keyOf(page), true)
            throw error
          }
        },
      }
    },
  }
}

const isQuarantined = (forMs: number): OcrError =>
  new OcrError(
    'engine_crashed',
    `The engine failed twice on this image within the last ${Math.ceil(forMs / 60_000)} minutes, and it is not tried again yet.`,
  )
