import type { LanguageData } from './language-data.ts'

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
