import type { EdgeContext } from '../../platform/http.ts'
import { type Call, callWithin } from '../upstream/call.ts'

/**
 * What goes with every call of the model for one request. It ends when the time for the request is over, or its client
 * has gone; dispose of it when the request has ended.
 */
export const startCall = (c: EdgeContext, timeoutMs: number): Call & Disposable =>
  callWithin({
    what: 'The request',
    timeoutMs,
    headers: { 'x-request-id': c.var.requestId, ...c.var.trace },
    signal: c.req.raw.signal,
  })
