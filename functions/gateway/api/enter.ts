import { getConnInfo } from '@hono/node-server/conninfo'
import type { EdgeContext } from '../../platform/http.ts'
import type { Access, Visit } from '../access/access.ts'

/** Lets the caller in, and has the access log name it. */
export async function enter(c: EdgeContext, access: Access): Promise<Visit> {
  const visit = await access.enter({
    header: (name) => c.req.header(name),
    address: getConnInfo(c).remote.address ?? '',
  })
  c.set('caller', visit.caller)
  return visit
}
