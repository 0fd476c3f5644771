import type { ErrorKind } from '../../contract/errors.ts'
import { typeOfFile } from '../../contract/file-types.ts'
import { confidenceOf, wordsOf } from '../../contract/ocr.ts'
import { observeStep, type StepEnd } from '../../platform/observed-step.ts'
import type { Tracing } from '../../platform/telemetry/tracing.ts'
import type { ModelInstruments } from '../metrics.ts'
import type { PageReading } from '../page-reader.ts'
import type { PageOutcome } from '../result.ts'
import type { OnLap } from '../stopwatch.ts'

/** Sees the work on documents: in the metrics, and in the trace of the request in whose work it is called. */
export interface WorkObserver {
  /** A document has been taken in. */
  document(bytes: Uint8Array): void
  /** A page, or the opening of a document, begins to wait for its turn. */
  wait(): Wait
  /** Does the work on a page, its waiting included. */
  page(page: ObservedPage, work: () => Promise<PageOutcome>): Promise<PageOutcome>
  /** A step of the work is over. */
  readonly onLap: OnLap
}

/** Goes on until it is its turn, or it is disposed of because that never comes. */
interface Wait extends Disposable {
  over(): void
}

interface ObservedPage {
  readonly number: number
  readonly lang: string
}

export const noWorkObserver: WorkObserver = {
  document: () => undefined,
  wait: () => ({ over: () => undefined, [Symbol.dispose]: () => undefined }),
  page: (_page, work) => work(),
  onLap: () => undefined,
}

type WorkInstruments = Pick<
  ModelInstruments,
  | 'documentSize'
  | 'pagePixels'
  | 'queueWait'
  | 'queuePages'
  | 'stageDuration'
  | 'pages'
  | 'words'
  | 'pageConfidence'
>

export function createWorkObserver(instruments: WorkInstruments, tracing: Tracing): WorkObserver {
  const { documentSize, stageDuration, pages } = instruments
  return {
    document: (bytes) =>
      documentSize.record(bytes.length, { type: typeOfFile(bytes) ?? 'unknown' }),
    wait: observeWaits(instruments, tracing),
    async page({ number, lang }, work) {
      const span = tracing.start('page', { attributes: { 'ocr.page.number': number } })
      const onEnd = ({ error }: StepEnd) => {
        // Nobody misses the page of a client that is gone.
        if (error && error !== 'client_gone') pages.record(1, { outcome: 'failed', lang })
      }
      const outcome = await observeStep({ span, onEnd, errorIn }, work)
      if ('reading' in outcome) countReading(instruments, outcome.reading, lang)
      return outcome
    },
    onLap(stage, from, to) {
      // Its time is that since the waiting began.
      if (stage === 'queue') return
      stageDuration.record((to - from) / 1_000, { stage })
      tracing.record(stage, from, to)
    },
  }
}

const errorIn = (outcome: PageOutcome): ErrorKind | undefined =>
  'error' in outcome ? outcome.error.kind : undefined

function observeWaits(
  { queueWait, queuePages }: Pick<WorkInstruments, 'queueWait' | 'queuePages'>,
  tracing: Tracing,
): WorkObserver['wait'] {
  let waiting = 0
  queuePages.observe((tell) => tell(waiting))
  return () => {
    const from = performance.now()
    let isWaiting = true
    waiting++
    const end = () => {
      if (isWaiting) waiting--
      isWaiting = false
    }
    return {
      over() {
        end()
        const to = performance.now()
        queueWait.record((to - from) / 1_000)
        tracing.record('queue', from, to)
      },
      [Symbol.dispose]: end,
    }
  }
}

function countReading(
  {
    pagePixels,
    pages,
    words,
    pageConfidence,
  }: Pick<WorkInstruments, 'pagePixels' | 'pages' | 'words' | 'pageConfidence'>,
  { image, blocks }: PageReading,
  lang: string,
): void {
  // Blank ones are found in pictures and rules.
  const found = wordsOf(blocks).filter(({ text }) => text.trim() !== '')
  pagePixels.record(image.width * image.height)
  pages.record(1, { outcome: found.length > 0 ? 'read' : 'empty', lang })
  if (found.length === 0) return
  words.record(found.length, { lang })
  pageConfidence.record(confidenceOf(found), { lang })
}
