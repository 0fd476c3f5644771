import { setTimeout as sleep } from 'node:timers/promises'
import { isRunning } from '../../services/processes.ts'
import { pagesUnderWay } from '../../services/progress.ts'
import { until } from '../../services/until.ts'
import { createClient, type Entry } from '../load/ask.ts'
import { audit } from '../load/audit.ts'
import { inTurn } from '../load/base-load.ts'
import { isRead, msOf } from '../load/ends.ts'
import { metricOf } from '../load/metrics.ts'
import { receipt, sheet } from '../load/samples.ts'
import { startStack } from '../load/stack.ts'
import { straightToModel, throughGateway } from '../load/targets.ts'
import { quantile, tenth } from '../report.ts'
import { enginesAtPages, enginesAtWork } from './engines.ts'
import { defineScenario } from './scenario.ts'

const stoppedMs = 250
const quietMs = 1_000
const nextPageMs = 2_000
/** Beside those at work there are some that wait: fewer than the services have room for. */
const crowd = 16

/** Clients that go away in the middle of a page: as many as there are engines at a time, and then a crowd at once. */
export const cutClients = defineScenario({
  flags: { n: 200 },
  short: { n: 40 },
  async run({ n }) {
    await using stack = await startStack()
    using client = createClient('cut')
    const { model, gateway } = stack
    const size = model.engines().length
    const targets = [throughGateway(gateway), straightToModel(model)]
    const large = await sheet()
    const next = inTurn(targets.map((target) => target(large)))
    const short = throughGateway(gateway)(await receipt())

    const slotsBusy = () => metricOf(model, 'ocr_slots_busy')
    const cut = async (count: number) => {
      const leaving = new AbortController()
      const requests = Array.from({ length: count }, () =>
        client.ask(next(), { signal: leaving.signal }),
      )
      const engines = await enginesAtPages(model, size)
      const start = performance.now()
      leaving.abort()
      const since = (isSo: () => boolean | Promise<boolean>) =>
        until(async () => ((await isSo()) ? performance.now() - start : undefined))
      const [engineMs, slotMs] = await Promise.all([
        since(() => !engines.some(isRunning)),
        since(async () => (await slotsBusy()) === 0),
      ])
      return { entries: await Promise.all(requests), engineMs, slotMs }
    }

    const batches = []
    for (let count = crowd; count < n; count += size) batches.push(await cut(size))
    const last = await cut(Math.min(crowd, n))
    await sleep(quietMs)
    const atWork = enginesAtWork(model).length
    const admitted = await metricOf(model, 'ocr_admitted_requests')
    const files = pagesUnderWay(model)
    const after = await client.ask(short)

    const entries = [...batches, last].flatMap((batch) => batch.entries)
    const found = audit(entries, [gateway.log(), model.log()])
    const engineP95 = quantile(
      batches.map(({ engineMs }) => engineMs),
      0.95,
    )
    const slotP95 = quantile(
      batches.map(({ slotMs }) => slotMs),
      0.95,
    )
    return {
      figures: {
        requests: entries.length,
        cut: entries.filter(isCut).length,
        engineP95Ms: tenth(engineP95),
        slotP95Ms: tenth(slotP95),
        crowdEngineMs: tenth(last.engineMs),
        crowdSlotMs: tenth(last.slotMs),
        atWork,
        admitted,
        files,
        nextPageMs: tenth(msOf(after)),
      },
      goals: {
        cut: entries.every(isCut) && found.lost === 0,
        enginesStop: engineP95 <= stoppedMs,
        slotsFree: slotP95 <= stoppedMs,
        quiet: atWork === 0 && admitted === 0,
        files: files === 0,
        nextPage: isRead(after) && msOf(after) < nextPageMs,
      },
    }
  },
})

const isCut = ({ end }: Entry): boolean => end.outcome === 'cut'
