import { setTimeout } from 'node:timers/promises'
import {
  askInVain,
  callerRate,
  crowd,
  leaveEarly,
  losePoolConnection,
  overload,
  readDocuments,
  sendEvents,
} from './gateway-load.ts'
import { weekBefore } from './history.ts'
import { callModel, enginePages, pageTimeoutMs, queueLimit, wearEngines } from './model-load.ts'
import type { RuleFile } from './rule-files.ts'
import type { Stack, StackOptions } from './stack.ts'

const intervalMs = 500
const engines = 2
const maxConnections = 100

/** The services so that each of their limits can be reached. */
export const limited = (rules: readonly RuleFile[]): StackOptions => ({
  rules,
  intervalMs,
  model: {
    OCR_ENGINE_PROCESSES: String(engines),
    OCR_ENGINE_PAGES: String(enginePages),
    OCR_PAGE_TIMEOUT_MS: String(pageTimeoutMs),
    OCR_QUEUE_LIMIT: String(queueLimit),
    OCR_MAX_CONNECTIONS: String(maxConnections),
  },
  gateway: {
    OCR_TRUSTED_PROXIES: '1',
    OCR_CALLER_RATE: String(callerRate),
    OCR_MAX_CONNECTIONS: String(maxConnections),
  },
})

/** Has all happen that the services tell of, and waits until Prometheus knows of it. */
export async function useEverything(stack: Stack): Promise<void> {
  const { gateway, model, proxy, documents, prometheus } = stack
  await useAll(stack)
  await losePoolConnection(gateway, documents, proxy)
  await crowd(gateway, maxConnections)
  await crowd(model, maxConnections)
  await overload(gateway, documents, engines + queueLimit)
  await wearEngines(model, documents)
  await seen()
  // What rules look at as it was a week ago.
  const lasting = await prometheus.query('{__name__=~".+:.+|ocr_start_duration_seconds"}')
  await prometheus.restartWith(weekBefore(lasting))
  // Again, since what begins with a value has no rate until there is another one.
  await useAll(stack)
  await seen()
}

async function useAll({ gateway, model, documents, outside }: Stack): Promise<void> {
  await readDocuments(gateway, documents)
  await askInVain(gateway, documents)
  await leaveEarly(gateway, model, documents)
  await sendEvents(gateway, documents, outside)
  await callModel(model, documents)
}

/** Until Prometheus has looked at all that has happened, at the rules, and at rules that look at those. */
const seen = (): Promise<void> => setTimeout(6 * intervalMs)
