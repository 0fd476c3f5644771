import { OcrError } from '../../contract/errors.ts'
import { warmArguments } from './arguments.ts'
import type { Engine, EngineOptions } from './engine.ts'
import { type EndReason, ProcessDied, WarmProcess } from './process.ts'

/** A process that is there until it has ended. */
export interface StartedProcess {
  readonly pid: number
  /** That it has loaded. */
  readonly lang: string
  readonly ended: Promise<EndReason>
}

interface WarmEngineOptions {
  /** Program to run. */
  readonly file: string
  /** Pages at once, and so the most processes there ever are. */
  readonly size: number
  /** Pages after which a process is replaced. */
  readonly maxPages: number
  /** Is told of every process. */
  readonly onStart?: (process: StartedProcess) => void
}

/** Room for one process. Its key tells the arguments that the process was started with. */
interface Place {
  isBusy: boolean
  lastUsed: number
  key: string
  process: WarmProcess | undefined
}

/** What a process is started with; of the same key are those that read alike. */
interface Start {
  readonly args: readonly string[]
  readonly key: string
  readonly lang: string
}

function startFor(options: EngineOptions): Start {
  const args = warmArguments(options)
  return { args, key: JSON.stringify(args), lang: options.lang }
}

/**
 * Keeps processes whose language data is loaded. A page goes to an idle process that was started with
 * its options; if there is none, to an empty place, or the least recently used process gives way. That
 * there are `size` places bounds the processes over all options together.
 */
export function createWarmEngine(engineOptions: WarmEngineOptions): Engine {
  const { file, size, maxPages, onStart } = engineOptions
  const places: Place[] = Array.from({ length: size }, () => ({
    isBusy: false,
    lastUsed: 0,
    key: '',
    process: undefined,
  }))
  let uses = 0
  let isClosing = false

  const take = (key: string): Place => {
    const free = places.filter((place) => !place.isBusy)
    const place =
      free.find((candidate) => candidate.key === key && candidate.process?.isAlive) ??
      free.find((candidate) => !candidate.process?.isAlive) ??
      free.toSorted((a, b) => a.lastUsed - b.lastUsed)[0]
    if (!place) throw new Error(`More than ${size} pages at once`)
    place.isBusy = true
    place.lastUsed = ++uses
    return place
  }

  const start = (place: Place, { args, key, lang }: Start): WarmProcess => {
    if (isClosing) throw new ProcessDied('The engine is closing', true)
    try {
      place.process = new WarmProcess({ file, args })
    } catch (cause) {
      // No descriptors or no memory left.
      throw new ProcessDied(`tesseract cannot be started: ${cause}`, true)
    }
    place.key = key
    const { pid, ended } = place.process
    if (pid !== undefined) onStart?.({ pid, lang, ended })
    return place.process
  }

  const processFor = async (place: Place, wanted: Start) => {
    if (place.key !== wanted.key) await place.process?.kill('replaced')
    return place.process?.isAlive ? place.process : start(place, wanted)
  }

  /** Replaces a process that died, was killed or is worn out, so that the next page finds one. */
  const giveBack = async (place: Place, wanted: Start) => {
    try {
      if (place.process && place.process.pages >= maxPages) await place.process.close('recycled')
      if (!place.process?.isAlive) start(place, wanted)
    } catch {
      // The next page finds no process here and starts one itself.
    } finally {
      place.isBusy = false
    }
  }

  return {
    async recognize(path, options, signal) {
      signal.throwIfAborted()
      const wanted = startFor(options)
      const place = take(wanted.key)
      try {
        return await recognizeWithRetry(() => processFor(place, wanted), path, signal)
      } finally {
        await giveBack(place, wanted)
      }
    },
    async close() {
      isClosing = true
      await Promise.all(places.map((place) => place.process?.close('closed')))
    },
  }
}

/** One more try on a fresh process when one has died, within the same signal. */
async function recognizeWithRetry(
  nextProcess: () => Promise<WarmProcess>,
  path: string,
  signal: AbortSignal,
): Promise<string> {
  try {
    return await (await nextProcess()).recognize(path, signal)
  } catch (error) {
    if (!(error instanceof ProcessDied)) throw error
  }
  try {
    return await (await nextProcess()).recognize(path, signal)
  } catch (error) {
    throw error instanceof ProcessDied ? diedTwice(error) : error
  }
}

function diedTwice(cause: ProcessDied): OcrError {
  return cause.wasStarting
    ? new OcrError('engine_unavailable', 'The engine could not be started.', { cause })
    : new OcrError('engine_crashed', 'The engine failed twice on this image.', { cause })
}
