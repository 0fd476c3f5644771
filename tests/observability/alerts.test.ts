import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { until } from '../services/until.ts'
import { quickenedFile, readRuleFiles } from './rule-files.ts'
import { type Stack, startStack } from './stack.ts'

/** Minutes of the rules are seconds here. */
const factor = 60
const intervalMs = 500
const engines = 2
/** Requests that may wait for them. */
const queueLimit = 2

let stack: Stack
before(async () => {
  stack = await startStack({
    rules: readRuleFiles().map((file) => quickenedFile(file, factor)),
    intervalMs,
    model: { OCR_ENGINE_PROCESSES: String(engines), OCR_QUEUE_LIMIT: String(queueLimit) },
    gateway: {},
  })
})
after(() => stack.stop())

/** Sends a document, and gives the status of its answer. */
async function readReceipt(): Promise<number> {
  const { gateway, documents } = stack
  const answer = await fetch(`${gateway.url}/v1/ocr`, { method: 'POST', body: documents.receipt })
  await answer.arrayBuffer()
  return answer.status
}

const alertNames = async (state?: 'firing'): Promise<string[]> => {
  const alerts = await stack.prometheus.alerts()
  return alerts
    .filter((alert) => state === undefined || alert.state === state)
    .map(({ labels }) => labels.alertname)
}

/** Does something again and again while it waits for what comes of it. */
async function during(work: () => Promise<unknown>, wait: () => Promise<unknown>): Promise<void> {
  let isOver = false
  const works = (async () => {
    while (!isOver) await work()
  })()
  try {
    await Promise.race([wait(), works])
  } finally {
    isOver = true
    await works
  }
}

/** Has a fault happen until alerts fire that have not been there before. */
async function fires(names: readonly string[], fault: () => Promise<unknown>): Promise<void> {
  const before = await alertNames()
  const silent = names.filter((name) => !before.includes(name))
  assert.deepEqual(silent, names)
  let firing: string[] = []
  const allFire = async () => {
    firing = await alertNames('firing')
    return names.every((name) => firing.includes(name)) || undefined
  }
  await during(fault, () => until(allFire).catch(() => assert.fail(`Only these fire: ${firing}`)))
}

describe('alerts', () => {
  it('are silent while documents are read', async () => {
    const read = async () => {
      assert.equal(await readReceipt(), 200)
      await pause(50)
    }
    await during(read, async () => {
      await pause(8_000)
      // One that is pending for a moment, since the machine was busy, is none yet.
      let alerts: string[] = []
      const noneThere = async () => {
        alerts = await alertNames()
        return alerts.length === 0 || undefined
      }
      await until(noneThere).catch(() => assert.fail(`These are there: ${alerts}`))
    })
  })

  it('tell that the queue is full, and what that costs, when more comes than can be read', async () => {
    await fires(['OcrModelQueueFull', 'OcrErrorBudgetBurn'], async () => {
      const answers = Array.from({ length: 4 * (engines + queueLimit) }, readReceipt)
      const statuses = new Set(await Promise.all(answers))
      assert.ok(statuses.has(200) && statuses.has(429), [...statuses].join())
    })
  })

  it('tell that engines crash', async () => {
    await fires(['OcrEngineCrashLoop'], async () => {
      for (const pid of stack.model.engines()) process.kill(pid, 'SIGKILL')
      await readReceipt()
      await pause(200)
    })
  })

  it('tell that the model is not there, and that it is not seen', async () => {
    await stack.model.stop()
    await fires(['OcrModelUnreachable', 'OcrScrapeFailing'], async () => {
      assert.equal(await readReceipt(), 503)
      await pause(50)
    })
  })
})
