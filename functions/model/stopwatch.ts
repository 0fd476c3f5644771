import type { Timings } from '../contract/ocr.ts'

/** Each step of the work on a page, and the time of the answer that it is put down to. */
const timeOf = {
  queue: 'queueMs',
  open: 'decodeMs',
  decode: 'decodeMs',
  normalize: 'decodeMs',
  recognize: 'recognizeMs',
  parse: 'parseMs',
  improve: 'decodeMs',
  picture: 'decodeMs',
} as const satisfies Record<string, keyof Timings>

export type Stage = keyof typeof timeOf

/** Puts the time since the lap before down to a stage. */
export type Lap = (stage: Stage) => void

/** Is told of each lap, and of its begin and its end as `performance.now()` has them. */
export type OnLap = (stage: Stage, from: number, to: number) => void

export interface Stopwatch {
  /** Starts the laps of one page. */
  start(): Lap
  /** The stages of all pages together, in milliseconds to a tenth. */
  readonly timings: Timings
}

export function createStopwatch(onLap: OnLap, now = () => performance.now()): Stopwatch {
  const total = { queueMs: 0, decodeMs: 0, recognizeMs: 0, parseMs: 0 }
  const toTenth = (ms: number) => Math.round(ms * 10) / 10
  return {
    start() {
      let last = now()
      return (stage) => {
        const time = now()
        total[timeOf[stage]] += time - last
        onLap(stage, last, time)
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
