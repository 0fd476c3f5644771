import { Agent } from 'undici'
import { cpuTicksOf } from '../../tests/services/processes.ts'
import { startGateway, startModel } from '../../tests/services/start.ts'
import { median } from '../measure.ts'
import { ask } from './ask.ts'

const rounds = 12
const requests = 150
const warmUp = 60
/** Of a clock tick of Linux. */
const tickMs = 10

interface Cost {
  /** Milliseconds of a request, p50. */
  readonly ms: number
  /** Milliseconds of CPU time for a request in both services, without the engine. */
  readonly cpuMs: number
}

/**
 * What metrics cost: both services with them and without, asked in turn. Two pairs that are set alike differ by some
 * percent, and the first a bit more, so they are started anew for each round, and in turn as well.
 */
export async function metricsCost(image: Buffer): Promise<{ on: Cost; off: Cost }> {
  const costs = { on: [] as Cost[], off: [] as Cost[] }
  for (let round = 0; round < rounds; round++) {
    const names = round % 2 === 0 ? (['on', 'off'] as const) : (['off', 'on'] as const)
    const pairs = []
    for (const name of names) pairs.push({ name, ...(await startPair(image, settings[name])) })
    for (let count = 0; count < warmUp; count++) for (const { ask } of pairs) await ask()
    for (const { begin } of pairs) begin()
    for (let count = 0; count < requests; count++) {
      for (const { ask } of Math.random() < 0.5 ? pairs : pairs.toReversed()) await ask()
    }
    for (const { name, end } of pairs) costs[name].push(await end())
  }
  return { on: meanOf(costs.on), off: meanOf(costs.off) }
}

const settings = { on: {}, off: { OTEL_SDK_DISABLED: 'true' } }

const meanOf = (costs: readonly Cost[]): Cost => ({
  ms: costs.reduce((sum, { ms }) => sum + ms, 0) / costs.length,
  cpuMs: costs.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / costs.length,
})

/** Both services, with one engine. */
async function startPair(image: Buffer, settings: Record<string, string>) {
  const model = await startModel({ OCR_ENGINE_PROCESSES: '1', ...settings })
  const gateway = await startGateway(model, settings)
  const agent = new Agent()
  const question = {
    url: `${gateway.url}/v1/ocr`,
    headers: { 'content-type': 'image/png' },
    body: image,
  }
  const ticks = () => cpuTicksOf(gateway.pid) + cpuTicksOf(model.pid)
  let times: number[] = []
  let ticksBefore = 0
  return {
    async ask() {
      times.push(await ask(question, agent))
    },
    begin() {
      times = []
      ticksBefore = ticks()
    },
    async end(): Promise<Cost> {
      const cpuMs = ((ticks() - ticksBefore) * tickMs) / times.length
      await agent.close()
      await gateway.stop()
      await model.stop()
      return { ms: median(times), cpuMs }
    },
  }
}
