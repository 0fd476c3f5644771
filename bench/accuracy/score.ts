/**
 * Words as they are compared: NFC, quotes and dashes in their plain form, upper and lower case as they
 * are. Punctuation at the edges is left out, so a lost comma does not cost a word and a lone bar or
 * dash is none; signs such as $, € and + stay.
 */
export function wordsOf(text: string): string[] {
  return plain(text)
    .split(/\s+/)
    .map((word) => word.replace(/^\p{P}+|\p{P}+$/gu, ''))
    .filter((word) => word !== '')
}

const plain = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[‘’‚`´]/g, "'")
    .replace(/[“”„«»]/g, '"')
    .replace(/[‐‑‒–—―]/g, '-')

/** Harmonic mean of precision and recall over the words as a multiset: their order does not matter. */
export function wordF1(truth: string, read: string): number {
  const [expected, found] = [wordsOf(truth), wordsOf(read)]
  if (expected.length + found.length === 0) return 1
  const left = new Map<string, number>()
  for (const word of expected) left.set(word, (left.get(word) ?? 0) + 1)
  let common = 0
  for (const word of found) {
    const count = left.get(word) ?? 0
    if (count === 0) continue
    left.set(word, count - 1)
    common++
  }
  return (2 * common) / (expected.length + found.length)
}

/**
 * Character error rate: insertions, deletions and substitutions per character of the truth, white space
 * collapsed, at most 1. Order matters here: columns or cells that are read in another order than that of
 * the truth count as errors, however well they are read.
 */
export function characterErrorRate(truth: string, read: string): number {
  const [expected, found] = [truth, read].map((text) => [
    ...plain(text).replace(/\s+/g, ' ').trim(),
  ]) as [string[], string[]]
  if (expected.length === 0) return found.length === 0 ? 0 : 1
  return Math.min(1, editDistance(expected, found) / expected.length)
}

function editDistance(from: readonly string[], to: readonly string[]): number {
  let above = Uint32Array.from({ length: to.length + 1 }, (_, column) => column)
  for (const [row, character] of from.entries()) {
    const current = new Uint32Array(to.length + 1)
    current[0] = row + 1
    for (let column = 1; column <= to.length; column++) {
      const substitution = (above[column - 1] ?? 0) + (to[column - 1] === character ? 0 : 1)
      current[column] = Math.min(
        substitution,
        (above[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
      )
    }
    above = current
  }
  return above[to.length] ?? 0
}
