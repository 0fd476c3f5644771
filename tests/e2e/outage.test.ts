import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { renderText } from '../documents/render.ts'
import { type Model, type Service, startGateway, startModel } from '../services/start.ts'

interface Answer {
  readonly status: number
  readonly retryAfter: string | null
  readonly sentAt: number
  readonly ms: number
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** Sends requests at a steady rate, whatever becomes of them, until it is stopped. */
function createLoad(url: string, body: Uint8Array<ArrayBuffer>, perSecond: number) {
  const answers: Answer[] = []
  const running = new Set<Promise<void>>()
  const send = async () => {
    const sentAt = performance.now()
    const { status, headers } = await fetch(url, { method: 'POST', body })
    const ms = performance.now() - sentAt
    answers.push({ status, retryAfter: headers.get('retry-after'), sentAt, ms })
  }
  const timer = setInterval(() => {
    const request = send().finally(() => running.delete(request))
    running.add(request)
  }, 1000 / perSecond)
  return {
    answers,
    async stop() {
      clearInterval(timer)
      await Promise.all(running)
    },
  }
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('the model stopped and started under load', () => {
  let model: Model
  let gateway: Service
  let image: Uint8Array<ArrayBuffer>
  before(async () => {
    image = new Uint8Array(await (await renderText('Total 12.50')).png().toBuffer())
    model = await startModel({ OCR_ENGINE_PROCESSES: '2' })
    gateway = await startGateway(model)
  })
  after(async () => {
    await gateway.stop()
    await model.stop()
  })

  it('is told at once by 503 with Retry-After, and answers again when it is back', async (t) => {
    const port = new URL(model.url).port
    const load = createLoad(`${gateway.url}/v1/ocr`, image, 20)
    await wait(1000)
    const stoppedAt = performance.now()
    await model.stop()
    await wait(2000)
    const downUntil = performance.now()
    model = await startModel({ OCR_ENGINE_PROCESSES: '2', PORT: port })
    const backAt = performance.now()
    await wait(2500)
    await load.stop()

    const { answers } = load
    const statuses = new Set(answers.map(({ status }) => status))
    assert.deepEqual([...statuses].sort(), [200, 503])
    // By then the circuit is open.
    const down = answers.filter(({ sentAt }) => sentAt > stoppedAt + 1000 && sentAt < downUntil)
    assert.ok(down.length > 10)
    for (const { status, retryAfter } of down) assert.deepEqual([status, retryAfter], [503, '1'])
    const back = answers.filter(({ status, sentAt }) => status === 200 && sentAt > stoppedAt)
    const firstBackMs = Math.min(...back.map(({ sentAt, ms }) => sentAt + ms)) - backAt
    assert.ok(firstBackMs < 5000, `${firstBackMs} ms`)
    const refusal = median(down.map(({ ms }) => ms)).toFixed(1)
    t.diagnostic(
      `a refusal took ${refusal} ms; the first 200 came ${firstBackMs.toFixed(0)} ms after`,
    )
  })
})
