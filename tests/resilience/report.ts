/** What was measured, by name. */
export type Figures = Readonly<Record<string, number | string>>
/** What has to hold, by name. */
export type Goals = Readonly<Record<string, boolean>>

/**
 * Prints the figures of a command as one line of JSON, and has the process exit with 1 when a goal was missed.
 * @param goals those that do not hold are listed as `missed`
 * @returns whether all hold
 */
export function report(command: string, figures: Figures, goals: Goals): boolean {
  const missed = Object.keys(goals).filter((name) => !goals[name])
  const passed = missed.length === 0
  console.log(JSON.stringify({ command, passed, missed, ...figures }))
  if (!passed) process.exitCode = 1
  return passed
}

/** To the first decimal place, for a figure that is read by people. */
export const tenth = (value: number): number => Math.round(value * 10) / 10

/** What so much of the values is not above, by rank; 0 of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
}
