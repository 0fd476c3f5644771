import { getConnInfo } from '@hono/node-server/conninfo'
import type { EdgeContext } from '../../platform/http.ts'
import type { Access } from '../access/access.ts'

/** Lets the caller in, and has the access log name it. */
export async function enter(c: EdgeContext, access: Access): Promise<Disposable> {
  const visit = await access.enter({
    header: (name) => c.req.header(name),
    address: getConnInfo(c).remote.address ?? '',
  })
  c.set('caller', visit.caller)
  return visit
}

/** Who asks, where keys tell. An address may be that of an ingress, behind which is everybody. */
export const callerOf = (c: EdgeContext, needsKey: boolean): string | undefined =>
  needsKey ? c.var.caller : undefined

/** Whose results those of a request are. Where no key is needed a caller is but an address, which may change. */
export const ownerOf = (c: EdgeContext, needsKey: boolean): string => callerOf(c, needsKey) ?? ''
