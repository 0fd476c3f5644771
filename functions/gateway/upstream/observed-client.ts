import { observeStep, type StepEnd } from '../../platform/observed-step.ts'
import type { Tracing } from '../../platform/telemetry/tracing.ts'
import type { Call } from './call.ts'
import type { InferenceClient } from './inference-client.ts'

export type Operation = 'recognize' | 'count_pages' | 'metadata'

interface ObserveOptions {
  readonly tracing: Tracing
  /** Is told of every call when it has ended. */
  readonly onModelCall: (operation: Operation, end: StepEnd) => void
  readonly onModelRetry: () => void
}

/** The same client, whose calls are counted and are steps in the trace of their request; the model goes on with it. */
export function observeClient(client: InferenceClient, options: ObserveOptions): InferenceClient {
  const { tracing, onModelCall, onModelRetry } = options

  const observed = <T>(operation: Operation, call: Call, ask: (call: Call) => Promise<T>) => {
    const span = tracing.start(`model ${operation}`, {
      kind: 'client',
      parent: call.headers,
      attributes: { 'ocr.operation': operation },
    })
    let retries = 0
    const onRetry = () => {
      retries++
      onModelRetry()
    }
    const onEnd = (end: StepEnd) => {
      span.set({ 'ocr.retries': retries })
      onModelCall(operation, end)
    }
    const headers = { ...call.headers, ...span.headers }
    return observeStep({ span, onEnd }, () => ask({ ...call, headers, onRetry }))
  }

  return {
    recognize: (request, call) =>
      observed('recognize', call, (own) => client.recognize(request, own)),
    countPages: (request, call) =>
      observed('count_pages', call, (own) => client.countPages(request, own)),
    metadata: (call) => observed('metadata', call, client.metadata),
    get circuitState() {
      return client.circuitState
    },
    close: client.close,
  }
}
