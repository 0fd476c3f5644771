import { once } from 'node:events'
import { createServer } from 'node:net'

/** A port of an address of this machine, the loopback one if none is named, that nobody listens at. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  const server = createServer().listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (typeof address !== 'object' || !address) throw new Error('There is no free port')
  return address.port
}
