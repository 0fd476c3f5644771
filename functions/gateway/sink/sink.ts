import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'undici'
import { backoffMs } from '../../platform/backoff.ts'
import { createDeadline } from '../../platform/deadline.ts'
import { untilAborted } from '../../platform/until-aborted.ts'
import { type EventMessage, type OutgoingEvent, writeEvent } from '../events/outgoing-event.ts'
import { type Failure, failureIn, unanswered, undeliverable } from './failure.ts'
import { parseOverrides } from './overrides.ts'
import type { SinkSettings } from './settings.ts'

/** More than deliveries are usually under way: the wait for a connection counts as time of an attempt. */
const connections = 64

/** As Knative's brokers begin. */
const firstMs = 200
/** The longest wait that a sink did not ask for. */
export const longestBackoffMs = 10_000

/** What a sink answers is of no interest; so much of it is read to keep the connection. */
const discardedBytes = 64 * 2 ** 10

export interface Sink {
  /**
   * Delivers an event in binary mode, with retries. It may arrive more than once.
   * @throws OcrError `sink_unavailable` with `retryAfterSeconds`; the signal's reason, at once
   */
  send(event: OutgoingEvent, signal: AbortSignal): Promise<void>
  /** Waits for attempts that are under way. */
  close(): Promise<void>
}

interface SinkOptions
  extends Pick<SinkSettings, 'sinkUrl' | 'ceOverrides' | 'sinkTimeoutMs' | 'sinkRetries'> {
  /** Waits so many milliseconds before a retry; rejects when the signal aborts. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>
}

/**
 * The receiver of result events. Its address is the operator's, so it may be inside of the cluster; no redirect is
 * followed.
 * @param options settings as they were loaded, with a URL
 */
export function createSink(options: SinkOptions): Sink {
  const {
    sinkTimeoutMs,
    sinkRetries,
    wait = (ms, signal) => sleep(ms, undefined, { signal }),
  } = options
  const { origin, pathname, search } = new URL(options.sinkUrl)
  const overrides = parseOverrides(options.ceOverrides)
  const pool = poolTo(origin, sinkTimeoutMs)

  async function post(message: EventMessage, signal: AbortSignal): Promise<Failure | undefined> {
    using deadline = createDeadline('Sending the event', sinkTimeoutMs, signal)
    const path = pathname + search
    const request = pool.request({ ...message, method: 'POST', path, signal: deadline.signal })
    const { statusCode, headers, body } = await untilAborted(deadline.signal, request)
    // The status has told it all; a body that breaks off changes nothing.
    await body.dump({ limit: discardedBytes, signal: deadline.signal }).catch(() => undefined)
    return failureIn(statusCode, headers['retry-after'])
  }

  async function attempt(message: EventMessage, signal: AbortSignal): Promise<Failure | undefined> {
    try {
      return await post(message, signal)
    } catch (error) {
      signal.throwIfAborted()
      return unanswered(error)
    }
  }

  return {
    async send(event, signal) {
      signal.throwIfAborted()
      const extensions = { ...event.extensions, ...overrides }
      const message = await writeEvent({ ...event, extensions }, 'binary')
      for (let retry = 0; ; retry++) {
        const failure = await attempt(message, signal)
        if (!failure) return
        if (failure.isFinal || retry === sinkRetries) throw undeliverable(failure)
        const waitMs =
          failure.retryAfterMs + backoffMs({ retry, firstMs, longestMs: longestBackoffMs })
        await wait(waitMs, signal).catch(() => signal.throwIfAborted())
      }
    },
    close: () => pool.close(),
  }
}

const poolTo = (origin: string, connectMs: number): Pool =>
  new Pool(origin, {
    connections,
    connect: { timeout: connectMs },
    // With HTTP/2 one connection, and so one pod behind a Kubernetes service, would get every event.
    allowH2: false,
    // The deadline of an attempt ends its waits.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
