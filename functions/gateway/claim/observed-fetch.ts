import { observeStep, type StepEnd } from '../../platform/observed-step.ts'
import type { Tracing } from '../../platform/telemetry/tracing.ts'
import type { ClaimCheck } from './claim-check.ts'
import { type Scheme, schemeOf } from './reference.ts'

interface ObserveOptions {
  readonly tracing: Tracing
  /** Is told of every fetch when it has ended. */
  readonly onFetch: (scheme: Scheme | undefined, end: StepEnd) => void
}

/** The same, but each fetch is counted and is a step in the trace, of which the server of the document is told nothing. */
export const observeFetch =
  (fetch: ClaimCheck['fetch'], { tracing, onFetch }: ObserveOptions): ClaimCheck['fetch'] =>
  (reference, call) => {
    const scheme = schemeOf(reference)
    const attributes = { 'url.scheme': scheme }
    const span = tracing.start('fetch document', { kind: 'client', attributes })
    const onEnd = (end: StepEnd) => onFetch(scheme, end)
    return observeStep({ span, onEnd }, () => fetch(reference, call))
  }
