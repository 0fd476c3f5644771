import type { Meter } from '@opentelemetry/api'

/** So many values are kept until there is a meter, which is there within seconds. */
export const mostKept = 10_000

/** The place of a meter that comes later, or never. */
export interface MeterSlot {
  /** Does something with the meter: at once, or when it comes. */
  use(work: (meter: Meter) => void): void
  /** Records a value when the meter comes; not beyond {@link mostKept} of them. */
  keep(record: () => void): void
  attach(meter: Meter): void
  /** There will be no meter, and nothing is kept for it. */
  discard(): void
}

export function createMeterSlot(): MeterSlot {
  let meter: Meter | undefined
  let isDiscarded = false
  let works: Array<(meter: Meter) => void> = []
  let records: Array<() => void> = []
  const forget = () => {
    works = []
    records = []
  }
  return {
    use(work) {
      if (meter) work(meter)
      else if (!isDiscarded) works.push(work)
    },
    keep(record) {
      if (!isDiscarded && records.length < mostKept) records.push(record)
    },
    attach(given) {
      meter = given
      for (const work of works) work(given)
      for (const record of records) record()
      forget()
    },
    discard() {
      isDiscarded = true
      forget()
    },
  }
}
