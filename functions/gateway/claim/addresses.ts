import { BlockList, isIP } from 'node:net'
import { claimSettings } from './settings.ts'

/** Whether a connection may be made to an IP address. */
export type IsAllowed = (address: string) => boolean

/** What is not the public Internet, by the registries of special-purpose addresses (RFC 6890). */
const notPublic: readonly string[] = [
  // This network, private, shared by a provider's customers, loopback, link-local.
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.168.0.0/16'],
  // Protocols, documentation, relays of 6to4, benchmarks.
  ...['192.0.0.0/24', '192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '192.88.99.0/24'],
  ...['198.18.0.0/15'],
  // Multicast, reserved, broadcast.
  ...['224.0.0.0/4', '240.0.0.0/4'],
  // All but 2000::/3: unspecified, loopback, IPv4-mapped, NAT64, unique local, link-local, multicast, reserved.
  ...['::/3', '4000::/2', '8000::/1'],
  // Protocols with Teredo, documentation, 6to4.
  ...['2001::/23', '2001:db8::/32', '3fff::/20', '2002::/16'],
]

/**
 * Allows public addresses, and those of some other networks.
 * @param privateNetworks such as 10.0.0.0/8, with commas between them; empty for none
 * @throws Error that names what is no network
 */
export function parseAllowed(privateNetworks: string): IsAllowed {
  const isPrivateAllowed = within(privateNetworks === '' ? [] : privateNetworks.split(','))
  const isNotPublic = within(notPublic)
  return (address) => isPrivateAllowed(address) || (isIP(address) !== 0 && !isNotPublic(address))
}

function within(networks: readonly string[]): (address: string) => boolean {
  // In a list of both, ::/3 would have every IPv4 address too, as the IPv6 one that it is mapped to.
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() }
  for (const network of networks) {
    const { address, prefix, family } = parseNetwork(network)
    lists[family].addSubnet(address, prefix, family)
  }
  return (address) => {
    const family = familyOf(address)
    return family !== undefined && lists[family].check(address, family)
  }
}

function parseNetwork(network: string) {
  const [, address = '', digits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(network) ?? []
  const [family, prefix] = [familyOf(address), Number(digits)]
  if (family && prefix <= bits[family]) return { address, prefix, family }
  const { name, range } = claimSettings.dataRefPrivateNetworks
  throw new Error(`${name} has "${network}", which is no network, but must be ${range}`)
}

const bits = { ipv4: 32, ipv6: 128 } as const

function familyOf(address: string): keyof typeof bits | undefined {
  const version = isIP(address)
  return version === 0 ? undefined : version === 4 ? 'ipv4' : 'ipv6'
}
