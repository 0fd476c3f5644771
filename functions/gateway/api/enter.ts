import { getConnInfo } from '@hono/node-server/conninfo'
import type { EdgeContext } from '../../platform/http.ts'
import type { Access, Visit } from '../access/access.ts'
import { type Call, callWithin } from '../upstream/call.ts'

/** Lets the caller in, and has the access log name it. */
export async function enter(c: EdgeContext, access: Access): Promise<Visit> {
  const visit = await access.enter({
    header: (name) => c.req.header(name),
    address: getConnInfo(c).remote.address ?? '',
  })
  c.set('caller', visit.caller)
  return visit
}

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
