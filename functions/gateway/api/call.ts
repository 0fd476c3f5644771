import { createDeadline } from '../../platform/deadline.ts'
import type { EdgeContext } from '../../platform/http.ts'
import type { Call } from '../upstream/inference-client.ts'

/**
 * What goes with every call of the model for one request. It ends when the time for the request is over, or its client
 * has gone; dispose of it when the request has ended.
 */
export function startCall(c: EdgeContext, timeoutMs: number): Call & Disposable {
  const deadline = createDeadline('The request', timeoutMs, c.req.raw.signal)
  return {
    headers: { 'x-request-id': c.var.requestId, ...c.var.trace },
    signal: deadline.signal,
    deadlineAt: performance.now() + timeoutMs,
    [Symbol.dispose]: () => deadline[Symbol.dispose](),
  }
}
