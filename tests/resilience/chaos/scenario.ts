import type { Figures, Goals } from '../report.ts'

/** What came of a scenario. */
export interface Verdict {
  readonly figures: Figures
  readonly goals: Goals
}

type Flags = Readonly<Record<string, number | string>>
type Given = Readonly<Record<string, string | boolean | undefined>>

/** One way to break a service, and what has to hold meanwhile. */
export interface Scenario {
  /** Names of its flags. */
  readonly flags: readonly string[]
  /** @throws Error for a flag that it does not have, or that is no number where one is wanted */
  run(given: Given, form: 'full' | 'short'): Promise<Verdict>
}

interface Definition<F extends Flags> {
  /** Its flags as they are without being given. */
  readonly flags: F
  /** The same in the short form, where they differ. */
  readonly short: Partial<F>
  /** Leaves no process and no file behind. */
  run(flags: F): Promise<Verdict>
}

export function defineScenario<F extends Flags>({ flags, short, run }: Definition<F>): Scenario {
  const names = Object.keys(flags)
  return {
    flags: names,
    run(given, form) {
      const chosen: Record<string, number | string> = { ...flags, ...(form === 'short' && short) }
      for (const [name, value] of Object.entries(given)) {
        const fallback = flags[name]
        if (fallback === undefined) throw new Error(`--${name} is none of: ${names.join(', ')}`)
        chosen[name] = typeof fallback === 'number' ? positive(name, value) : String(value)
      }
      // Of the same names and types as the flags.
      return run(chosen as F)
    },
  }
}

function positive(name: string, value: unknown): number {
  const number = Number(value)
  if (number > 0 && Number.isFinite(number)) return number
  throw new Error(`--${name} is "${value}", but must be a number above 0`)
}
