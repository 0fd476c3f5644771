import type { Timings } from '../contract/ocr.ts'

/** Puts the time since the lap before down to a stage. */
export type Lap = (stage: keyof Timings) => void

export interface Stopwatch {
  /** Starts the laps of one page. */
  start(): Lap
  /** The stages of all pages together, in milliseconds to a tenth. */
  readonly timings: Timings
}

export function createStopwatch(now: () => number = () => performance.now()): Stopwatch {
  const total = { queueMs: 0, decodeMs: 0, recognizeMs: 0, parseMs: 0 }
  const toTenth = (ms: number) => Math.round(ms * 10) / 10
  return {
    start() {
      let last = now()
      return (stage) => {
        const time = now()
        total[stage] += time - last
        last = time
      }
    },
    get timings() {
      const { queueMs, decodeMs, recognizeMs, parseMs } = total
      return {
        queueMs: toTenth(queueMs),
        decodeMs: toTenth(decodeMs),
        recognizeMs: toTenth(recognizeMs),
        parseMs: toTenth(parseMs),
      }
    },
  }
}
