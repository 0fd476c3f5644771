import { isIP } from 'node:net'
import type { ReadHeader } from '../../platform/access-log.ts'

interface Client {
  readonly header: ReadHeader
  /** Address of the socket's other end. */
  readonly address: string
}

/**
 * The network address that stands for a client: an IPv4 address, or the /64 network of an IPv6 one, which is the least
 * that a customer is given and all of which is his. Of `X-Forwarded-For` only the entry is believed that the outermost
 * of `trustedProxies` wrote; what stands left of it is the client's own word.
 */
export function clientAddress({ header, address }: Client, trustedProxies: number): string {
  const entries = header('x-forwarded-for')?.split(',') ?? []
  const forwarded = trustedProxies > 0 ? withoutPort(entries.at(-trustedProxies)?.trim()) : ''
  return networkOf(isIP(forwarded) ? forwarded : address)
}

/** Some proxies write `203.0.113.7:51234` and `[2001:db8::1]:51234`. */
const withoutPort = (entry = ''): string =>
  /^\[(.+)\](?::\d+)?$/.exec(entry)?.[1] ?? entry.replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1')

function networkOf(address: string): string {
  const [bare = ''] = address.split('%')
  if (isIP(bare) === 4) return bare
  if (isIP(bare) !== 6) return 'unknown'
  const groups = groupsOf(bare)
  const isMappedIpv4 = groups.slice(0, 6).join() === '0,0,0,0,0,ffff'
  return isMappedIpv4 ? dotted(groups.slice(6)) : `${groups.slice(0, 4).join(':')}::/64`
}

/** The eight groups of an IPv6 address, without leading zeros and in lower case. */
function groupsOf(address: string): string[] {
  // The URL parser knows every way of writing one, and has one of its own.
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [head = [], tail = []] = canonical
    .split('::')
    .map((part) => part.split(':').filter(Boolean))
  return [...head, ...Array(8 - head.length - tail.length).fill('0'), ...tail]
}

const dotted = (groups: string[]): string =>
  groups
    .map((group) => Number.parseInt(group, 16))
    .flatMap((value) => [value >> 8, value & 255])
    .join('.')
