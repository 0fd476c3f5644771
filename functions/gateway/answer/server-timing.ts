import type { Timings } from '../../contract/ocr.ts'

/**
 * The value of the header `Server-Timing`. The steps are summed over pages that were read side by side.
 * @param totalMs from the request to the answer
 */
export function serverTiming(timings: Timings, totalMs: number): string {
  const { queueMs, decodeMs, recognizeMs, parseMs } = timings
  const steps = { queue: queueMs, decode: decodeMs, recognize: recognizeMs, parse: parseMs }
  return Object.entries({ ...steps, total: Math.round(totalMs * 10) / 10 })
    .map(([name, ms]) => `${name};dur=${ms}`)
    .join(', ')
}
