import type { ReadHeader } from '../../platform/access-log.ts'
import type { Log } from '../../platform/log.ts'
import type { Values } from '../../platform/settings.ts'
import { clientAddress } from './client-address.ts'
import { createConcurrencyLimit } from './concurrency-limit.ts'
import { nameOfKey } from './keys.ts'
import { openKeysFile } from './keys-file.ts'
import { presentedKey, unknownKey } from './presented-key.ts'
import { createRateLimit } from './rate-limit.ts'
import type { accessSettings } from './settings.ts'

interface Request {
  readonly header: ReadHeader
  /** Address of the socket's other end. */
  readonly address: string
}

/** A request that was let in; dispose of it when the request has ended, its streamed answer included. */
export interface Visit extends Disposable {
  /** The name of the caller's key; its network address where everybody is let in. */
  readonly caller: string
  /** That name, where keys are asked for. An address may be that of an ingress, behind which is everybody. */
  readonly key: string | undefined
}

export interface Access {
  /**
   * Lets a request in or not, decided on its headers alone, before a body is read.
   * @throws OcrError `unauthorized`; `rate_limited` with `retryAfterSeconds`
   */
  enter(request: Request): Promise<Visit>
}

interface AccessOptions extends Values<typeof accessSettings> {
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>
  /** Milliseconds between two looks at the file of keys. */
  readonly keysPollMs?: number
}

/** Tells who a request is of. */
interface Callers {
  /** @throws OcrError `unauthorized` */
  identify(request: Request): Pick<Visit, 'caller' | 'key'>
  close(): void
}

/**
 * Decides who may call, and how much.
 * @throws Error if keys are asked for and there is no file of them
 */
export async function createAccess(options: AccessOptions): Promise<Access & { close(): void }> {
  const { callerRate, callerConcurrency } = options
  const callers = options.access === 'open' ? everybody(options) : await keyHolders(options)
  const rate = callerRate > 0 ? createRateLimit({ perMinute: callerRate }) : undefined
  const concurrency =
    callerConcurrency > 0 ? createConcurrencyLimit({ limit: callerConcurrency }) : undefined

  return {
    async enter(request) {
      const who = callers.identify(request)
      await rate?.count(who.caller)
      const place = concurrency?.enter(who.caller)
      return { ...who, [Symbol.dispose]: () => place?.[Symbol.dispose]() }
    },
    close: callers.close,
  }
}

function everybody({ log, trustedProxies }: AccessOptions): Callers {
  log.warn('everybody is let in, because OCR_ACCESS is open')
  return {
    identify: (request) => ({ caller: clientAddress(request, trustedProxies), key: undefined }),
    close: () => undefined,
  }
}

async function keyHolders({ log, keysFile, keysPollMs }: AccessOptions): Promise<Callers> {
  const file = await openKeysFile({ path: keysFile, log, pollMs: keysPollMs }).catch((cause) => {
    throw new Error(
      `OCR_ACCESS is keys, but OCR_KEYS_FILE (${keysFile}) cannot be used. Give it a file with a line per key, as ` +
        '"npm run -s key -- NAME >> FILE" writes them, or let everybody in by OCR_ACCESS=open.',
      { cause },
    )
  })
  return {
    identify({ header }) {
      const key = nameOfKey(file.keys, presentedKey(header))
      if (key === undefined) throw unknownKey()
      return { caller: key, key }
    },
    close: file.close,
  }
}
