import type { ErrorKind } from '../../contract/errors.ts'
import { observeStep, type StepEnd } from '../../platform/observed-step.ts'
import type { Tracing } from '../../platform/telemetry/tracing.ts'
import type { Engine } from '../engine/engine.ts'
import type { ModelInstruments } from '../metrics.ts'

/** The same engine, each of whose readings is timed and is a step in the trace of its request. */
export function observeEngine(
  engine: Engine,
  { recognitionDuration }: Pick<ModelInstruments, 'recognitionDuration'>,
  tracing: Tracing,
): Engine {
  return {
    recognize(path, options, signal) {
      const span = tracing.start('engine', { attributes: { 'ocr.lang': options.lang } })
      const onEnd = ({ seconds, error }: StepEnd) => {
        const outcome = signal.aborted && error ? abortedBy(error) : outcomeOf(error)
        span.set({ 'ocr.engine.outcome': outcome })
        recognitionDuration.record(seconds, { outcome })
      }
      return observeStep({ span, onEnd }, () => engine.recognize(path, options, signal))
    },
    close: () => engine.close(),
  }
}

const abortedBy = (error: ErrorKind) =>
  error === 'page_timeout' || error === 'deadline_exceeded' ? 'timeout' : 'cancelled'

function outcomeOf(error: ErrorKind | undefined) {
  if (error === undefined) return 'read'
  return error === 'engine_unavailable' ? 'unavailable' : 'crashed'
}
