import type { Means } from './tables.ts'

/** What the profiles are to keep to, in points of word F1 and in times of CPU. */
const allowedLoss = 0.5
const wantedGain = 3
const mostTime = 3

/**
 * Goals that were missed, in words.
 * @param means of a contender in one class, or in all
 */
export function missedGoals(
  classes: readonly string[],
  means: (contender: string, className?: string) => Means,
): string[] {
  const points = (contender: string, className?: string) =>
    100 * (means(contender, className).f1 - means('plain', className).f1)
  const lower = ['fast', 'best'].flatMap((contender) =>
    classes
      .filter((className) => points(contender, className) < -allowedLoss)
      .map((className) => `${contender} is below plain tesseract in the class "${className}"`),
  )
  const gain = points('best')
  const time = means('best').ms / means('fast').ms
  return [
    ...lower,
    ...(gain < wantedGain ? [`best gains ${gain.toFixed(1)} points of F1, not ${wantedGain}`] : []),
    ...(time > mostTime ? [`best takes ${time.toFixed(2)} times as long as fast`] : []),
  ]
}
