/** How sure the engine is of a word, from best to worst; a level begins at `from`. */
export const levels = [
  { name: 'certain', from: 0.9 },
  { name: 'likely', from: 0.75 },
  { name: 'doubtful', from: 0.6 },
  { name: 'uncertain', from: 0 },
] as const

export type Level = (typeof levels)[number]['name']

export const levelOf = (confidence: number): Level =>
  levels.find(({ from }) => confidence >= from)?.name ?? 'uncertain'

/** Whole percent, never rounded up into a better level. */
export const percentOf = (confidence: number): number => Math.floor(confidence * 100 + 1e-9)

/** How many words each level has. */
export function countByLevel(
  words: ReadonlyArray<{ readonly confidence: number }>,
): Record<Level, number> {
  const counts = { certain: 0, likely: 0, doubtful: 0, uncertain: 0 }
  for (const { confidence } of words) counts[levelOf(confidence)]++
  return counts
}
