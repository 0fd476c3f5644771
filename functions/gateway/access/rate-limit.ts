import { createHmac, randomBytes } from 'node:crypto'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { OcrError } from '../../contract/errors.ts'

interface RateLimit {
  /**
   * Counts a request.
   * @throws OcrError `rate_limited` with `retryAfterSeconds`
   */
  count(caller: string): Promise<void>
}

interface RateLimitOptions {
  /** Requests of a caller within a minute, which begins with its first one. */
  readonly perMinute: number
  /** Callers within a minute that have a counter of their own. */
  readonly maxCallers?: number
}

const windowSeconds = 60
const sharedCounters = 4096

/**
 * Limits the requests of each caller. The library keeps a counter (0.5 KB) for a minute for every caller there is, and
 * a client with a large network is as many callers as it likes. So those beyond `maxCallers` share some counters: they
 * may be refused early, but nobody gets more than the limit. Who shares with whom cannot be guessed from outside.
 */
export function createRateLimit({ perMinute, maxCallers = 10_000 }: RateLimitOptions): RateLimit {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: windowSeconds })
  const secret = randomBytes(32)
  const callers = new Set<string>()

  const counterOf = (caller: string): string => {
    if (callers.has(caller)) return caller
    if (callers.size >= maxCallers) return `shared ${sharedIndex(secret, caller)}`
    callers.add(caller)
    setTimeout(() => callers.delete(caller), windowSeconds * 1000).unref()
    return caller
  }

  return {
    async count(caller) {
      try {
        await limiter.consume(counterOf(caller))
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal
        throw new OcrError(
          'rate_limited',
          `More than ${perMinute} requests within a minute are not allowed; send it again later.`,
          { retryAfterSeconds: Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)) },
        )
      }
    },
  }
}

const sharedIndex = (secret: Buffer, caller: string): number =>
  createHmac('sha256', secret).update(caller).digest().readUInt32BE() % sharedCounters
