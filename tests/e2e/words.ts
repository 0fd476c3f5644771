const wordsOf = (text: string): string[] => text.split(/\s+/).filter(Boolean)

/** Word error rate: insertions, deletions and substitutions per word of the expected text. */
export function wordErrorRate(expectedText: string, actualText: string): number {
  const expected = wordsOf(expectedText)
  const actual = wordsOf(actualText)
  let row = Array.from({ length: actual.length + 1 }, (_, index) => index)
  expected.forEach((word, index) => {
    const next = [index + 1]
    actual.forEach((other, column) => {
      const substituted = (row[column] ?? 0) + (word === other ? 0 : 1)
      next.push(Math.min(substituted, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    })
    row = next
  })
  return (row.at(-1) ?? 0) / Math.max(1, expected.length)
}
