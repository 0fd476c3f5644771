import { OcrError } from '../../contract/errors.ts'
import type { Proc } from '../proc.ts'
import { warmArguments } from './arguments.ts'
import type { Engine, EngineOptions } from './engine.ts'
import { type EngineLimits, isWornOut, kernelLimits } from './limits.ts'
import { type EndReason, ProcessDied, WarmProcess } from './process.ts'
import { failedTwice, withSecondTry } from './second-try.ts'

/** A process that is there until it has ended. */
export interface StartedProcess {
  readonly pid: number
  /** That it has loaded. */
  readonly lang: string
  readonly ended: Promise<EndReason>
}

export interface WarmEngineOptions {
  /** Program to run. */
  readonly file: string
  /** Pages at once, and so the most processes there ever are. */
  readonly size: number
  readonly limits: EngineLimits
  readonly proc: Proc
  /** Is told of every process. */
  readonly onStart?: (process: StartedProcess) => void
  /** Is told whether a process that was wanted has loaded its language data. */
  readonly onLoad?: ((hasLoaded: boolean) => void) | undefined
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
  /** Whether one page is all that it may read. */
  readonly isForOnePage: boolean
}

function startFor(options: EngineOptions): Start {
  const { lang, learns: isForOnePage = false } = options
  const args = warmArguments(options)
  return { args, key: JSON.stringify(args), lang, isForOnePage }
}

/**
 * Keeps processes whose language data is loaded. A page goes to an idle process that was started with
 * its options; if there is none, to an empty place, or the least recently used process gives way. That
 * there are `size` places bounds the processes over all options together.
 */
export function createWarmEngine(options: WarmEngineOptions): Engine {
  const { size, limits, proc } = options
  const places = createPlaces(size)
  let isClosing = false

  const start = (place: Place, wanted: Start): WarmProcess => {
    if (isClosing) throw new ProcessDied('The engine is closing', true)
    place.process = startProcess(options, wanted)
    place.key = wanted.key
    return place.process
  }

  const processFor = async (place: Place, wanted: Start) => {
    if (place.key !== wanted.key) await place.process?.kill('replaced')
    return place.process?.isAlive ? place.process : start(place, wanted)
  }

  /** Replaces a process that died, was killed or is worn out, so that the next page finds one. */
  const giveBack = async (place: Place, wanted: Start) => {
    try {
      const { process } = place
      const isDone = process && (wanted.isForOnePage || isWornOut(process, limits, proc))
      if (isDone) await process.close('recycled')
      if (!place.process?.isAlive) start(place, wanted)
    } catch {
      // The next page finds no process here and starts one itself.
    } finally {
      place.isBusy = false
    }
  }

  return {
    async recognize(path, engineOptions, signal) {
      signal.throwIfAborted()
      const wanted = startFor(engineOptions)
      const place = places.take(wanted.key)
      try {
        const read = async () => (await processFor(place, wanted)).recognize(path, signal)
        return await withSecondTry(read, ProcessDied, diedTwice)
      } finally {
        await giveBack(place, wanted)
      }
    },
    async close() {
      isClosing = true
      await Promise.all(places.all.map((place) => place.process?.close('closed')))
    },
  }
}

function createPlaces(size: number) {
  const all: Place[] = Array.from({ length: size }, () => ({
    isBusy: false,
    lastUsed: 0,
    key: '',
    process: undefined,
  }))
  let uses = 0
  return {
    all,
    /** The best place for a process of that key, which is busy then. */
    take(key: string): Place {
      const free = all.filter((place) => !place.isBusy)
      const place =
        free.find((candidate) => candidate.key === key && candidate.process?.isAlive) ??
        free.find((candidate) => !candidate.process?.isAlive) ??
        free.toSorted((a, b) => a.lastUsed - b.lastUsed)[0]
      if (!place) throw new Error(`More than ${size} pages at once`)
      place.isBusy = true
      place.lastUsed = ++uses
      return place
    },
  }
}

/** @throws ProcessDied when there are no descriptors or no memory left */
function startProcess(
  { file, limits, onStart, onLoad }: WarmEngineOptions,
  { args, lang }: Start,
): WarmProcess {
  let process: WarmProcess
  try {
    process = new WarmProcess({ ...limits, file, args, limits: kernelLimits(limits) })
  } catch (cause) {
    onLoad?.(false)
    throw new ProcessDied(`tesseract cannot be started: ${cause}`, true)
  }
  const { pid, ended, loaded } = process
  if (pid !== undefined) onStart?.({ pid, lang, ended })
  if (onLoad) tellLoad(loaded, ended, onLoad)
  return process
}

/** A process that was ended by us while it was loading tells nothing. */
function tellLoad(
  loaded: Promise<unknown>,
  ended: Promise<EndReason>,
  onLoad: (hasLoaded: boolean) => void,
): void {
  loaded.then(
    () => onLoad(true),
    async () => {
      if ((await ended) === 'crashed') onLoad(false)
    },
  )
}

const diedTwice = (cause: ProcessDied): OcrError =>
  cause.wasStarting
    ? new OcrError('engine_unavailable', 'The engine could not be started.', { cause })
    : failedTwice(cause)
