import type { DocumentSource } from './document-source.ts'

/** A source that is made when the first document is asked of it. */
export function createLazySource(make: () => Promise<DocumentSource>): DocumentSource {
  let making: Promise<DocumentSource> | undefined
  return {
    async open(url, signal) {
      making ??= make()
      return (await making).open(url, signal)
    },
    async close() {
      // One that could not be made has told so to whoever asked it for a document.
      const source = await making?.catch(() => undefined)
      await source?.close()
    },
  }
}
