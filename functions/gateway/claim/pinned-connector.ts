import type { LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import type { IsAllowed } from './addresses.ts'
import { refused } from './failures.ts'

/** Every address of a host. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>

interface PinnedConnectorOptions {
  readonly isAllowed: IsAllowed
  readonly resolve: Resolve
}

/**
 * Connects to no address but one that was checked: a name is resolved once for a connection, and what was found is
 * what the socket gets. TLS checks the certificate by the name all the same.
 * A host with an address that is not allowed fails with an OcrError `reference_refused`.
 */
export function createPinnedConnector(options: PinnedConnectorOptions): buildConnector.connector {
  const requireAllowed = (hostname: string, addresses: readonly LookupAddress[]) => {
    const forbidden = addresses.find(({ address }) => !options.isAllowed(address))
    if (forbidden) throw notAllowed(hostname, forbidden.address)
  }

  const lookup: LookupFunction = async (hostname, { all }, callback) => {
    try {
      const addresses = await options.resolve(hostname)
      requireAllowed(hostname, addresses)
      const [first] = addresses
      if (!first) throw new Error(`${hostname} has no address`)
      if (all) callback(null, [...addresses])
      else callback(null, first.address, first.family)
    } catch (error) {
      callback(asError(error), '')
    }
  }
  const connectTo = buildConnector({ allowH2: false, lookup })

  return (to, callback) => {
    // Nothing is looked up for what is an address already.
    if (isIP(to.hostname) !== 0 && !options.isAllowed(to.hostname)) {
      return callback(notAllowed(to.hostname, to.hostname), null)
    }
    connectTo(to, callback)
  }
}

function notAllowed(hostname: string, address: string) {
  const message =
    'The host of the dataref is not on the public network, nor on one that the operator of this service allows.'
  return refused(message, new Error(`${hostname} has the address ${address}`))
}

const asError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(String(thrown))
