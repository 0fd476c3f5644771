import { open } from 'node:fs/promises'

/** What a file of language data says of itself. */
export interface LanguageData {
  /** As whoever trained it named it; empty when the file has none. */
  readonly version: string
  /** Whether the engine before LSTM (oem 0 and 2) can read by it. */
  readonly hasLegacy: boolean
}

/** Places of components in tesseract's `TessdataManager` (ccutil/tessdatamanager.h). */
const shapeTemplates = 3
const versionText = 23
const maxVersionBytes = 256

/**
 * Reads the directory at the head of a `*.traineddata` file: the number of components as 4 bytes, and
 * 8 for the offset of each, or -1.
 */
export async function inspectLanguageData(path: string): Promise<LanguageData> {
  await using file = await open(path)
  const head = Buffer.alloc(4 + 8 * (versionText + 1))
  await file.read(head, 0, head.length, 0)
  const count = head.readInt32LE()
  const offset = (place: number) => (place < count ? head.readBigInt64LE(4 + 8 * place) : -1n)
  return {
    hasLegacy: offset(shapeTemplates) >= 0n,
    // The version is the last component of all.
    version: offset(versionText) < 0n ? '' : await textAt(file, offset(versionText)),
  }
}

async function textAt(file: Awaited<ReturnType<typeof open>>, offset: bigint): Promise<string> {
  const { buffer, bytesRead } = await file.read(
    Buffer.alloc(maxVersionBytes),
    0,
    maxVersionBytes,
    Number(offset),
  )
  return buffer.toString('latin1', 0, bytesRead).replaceAll(/[^\x20-\x7e]/g, '')
}

/** The one mode in which the engine before LSTM never reads. */
const lstmOnly = 1

/**
 * Whether the engine before LSTM may read a page: alone (oem 0), or words that LSTM cannot (2, and 3 where there is data
 * for it). It learns shapes and words from a page, and would read the next one by them.
 * @param languages those of the page
 */
export const learnsFromPages = (
  oem: number,
  languages: Iterable<readonly [name: string, data: LanguageData]>,
): boolean => oem !== lstmOnly && [...languages].some(([, { hasLegacy }]) => hasLegacy)
