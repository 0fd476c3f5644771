import { setTimeout as sleep } from 'node:timers/promises'
import { modelSettings } from '../../../functions/model/settings.ts'
import { createClient, type Entry } from '../load/ask.ts'
import { audit, statuses } from '../load/audit.ts'
import { measureCapacity } from '../load/base-load.ts'
import { isRead, isRefused, msOf } from '../load/ends.ts'
import { startLoad } from '../load/generator.ts'
import { startProbes } from '../load/probes.ts'
import { quarter } from '../load/samples.ts'
import { startStack } from '../load/stack.ts'
import { straightToModel, throughGateway } from '../load/targets.ts'
import { memoryBoundMiB } from '../memory-bound.ts'
import { quantile, tenth } from '../report.ts'
import { watch } from '../watch.ts'
import { defineScenario } from './scenario.ts'

const bodyBytes = 5 * 2 ** 20
const refusalMs = 100
const wantedGoodput = 0.9
/** Of fewer refusals, 99 % are all but one or two, which tell of the machine: then it is 90 % that have to be quick. */
const manyRefusals = 1_000
/** Share of the capacity that is asked for before and after, to see how long an answer takes. */
const lightShare = 0.3
/** By how much an answer may take longer afterwards and still count as before; behind one page it would take twice as long. */
const tolerance = 1.5
const recoverySeconds = 10
/** Until the first of many pages have been read. */
const rampMs = 2_000

/**
 * Asks for many times what can be read, in requests of 5 MiB, and then again for little. A refusal counts from when its
 * request began to be sent.
 */
export const overload = defineScenario({
  flags: {
    /** Times the capacity. */
    factor: 5,
    minutes: 3,
    /** Who is asked: the model itself, or the gateway. */
    through: 'model',
  },
  short: { minutes: 1 / 6 },
  async run({ factor, minutes, through }) {
    await using stack = await startStack()
    using client = createClient('over')
    const { model, gateway } = stack
    const asked = through === 'gateway' ? gateway : model
    const target = through === 'gateway' ? throughGateway(gateway) : straightToModel(model)
    const prepared = target(await large())
    const askNext = () => client.ask(prepared)
    const loadFor = async (rate: number, seconds: number) => {
      const cpuBefore = process.cpuUsage()
      const start = performance.now()
      const load = startLoad(askNext, rate)
      await sleep(seconds * 1000)
      const [end, cpu] = [performance.now(), process.cpuUsage(cpuBefore)]
      return { load, start, end, cpuPercent: (cpu.user + cpu.system) / (end - start) / 10 }
    }

    const measureSeconds = Math.min(15, 20 * minutes)
    await measureCapacity(askNext, 1)
    const { perSecond: capacity, entries } = await measureCapacity(askNext, measureSeconds)
    const before = await loadFor(capacity * lightShare, measureSeconds)
    await before.load.stop()
    const baselineMs = quantile(before.load.entries.map(msOf), 0.95)

    await using probes = startProbes(model, ['/v2/health/live', '/v2/health/ready'])
    using memory = watch(model)
    const during = await loadFor(capacity * factor, minutes * 60)
    const stopped = during.load.stop()
    const after = await loadFor(capacity * lightShare, recoverySeconds + measureSeconds)
    await Promise.all([stopped, after.load.stop()])

    const { entries: flood } = during.load
    const all = [...entries, ...before.load.entries, ...flood, ...after.load.entries]
    const found = audit(all, [asked.log()], [model.log()])
    const readPerSecond = goodput(flood, during.start + rampMs, during.end)
    const refusals = flood.filter((entry) => !isRead(entry))
    const refusalMsAt = (share: number) => quantile(refusals.map(msOf), share)
    const quickShare = refusals.length < manyRefusals ? 0.9 : 0.99
    const { fallback: uploadMemoryBytes } = modelSettings.uploadMemoryBytes
    const boundMiB = memoryBoundMiB({ slots: model.engines().length, uploadMemoryBytes })
    const recovery = recoveredAfter(after.load.entries, during.end, baselineMs * tolerance)
    return {
      figures: {
        ...found,
        ...statuses(flood),
        capacityPerSecond: tenth(capacity),
        readPerSecond: tenth(readPerSecond),
        offeredMiBPerSecond: tenth((capacity * factor * bodyBytes) / 2 ** 20),
        refusalP90Ms: tenth(refusalMsAt(0.9)),
        refusalP99Ms: tenth(refusalMsAt(0.99)),
        peakMiB: tenth(memory.peakMiB),
        boundMiB,
        baselineP95Ms: tenth(baselineMs),
        recoverySeconds: tenth(recovery),
        probeP99Ms: tenth(probes.p99Ms),
        generatorCpuPercent: tenth(during.cpuPercent),
        mostLateMs: tenth(during.load.mostLateMs),
      },
      goals: {
        lost: found.lost === 0,
        duplicated: found.duplicated === 0,
        differing: found.differing === 0,
        answers: flood.every((entry) => isRead(entry) || isRefused(entry)),
        quickRefusals: refusalMsAt(quickShare) < refusalMs,
        memory: memory.peakMiB <= boundMiB,
        goodput: readPerSecond >= wantedGoodput * capacity,
        recovery: recovery < recoverySeconds,
        probes: probes.failed === 0,
      },
    }
  },
})

/** A page in a file of 5 MiB: bytes behind the end of a PNG are no part of the picture. */
async function large() {
  const { name, file } = await quarter()
  return { name, file: Buffer.concat([file, Buffer.alloc(bodyBytes - file.length)]) }
}

/** Requests that were read in a second, by when their answers came. */
function goodput(entries: readonly Entry[], from: number, to: number): number {
  const read = entries.filter(isRead).filter(({ endedAt }) => endedAt >= from && endedAt <= to)
  return read.length / ((to - from) / 1000)
}

/** Seconds from a time until 95 % of all requests that began later took no longer than so many milliseconds. */
function recoveredAfter(entries: readonly Entry[], since: number, ms: number): number {
  for (let seconds = 0; seconds < 2 * recoverySeconds; seconds += 0.5) {
    const later = entries.filter(({ startedAt }) => startedAt >= since + seconds * 1000)
    if (later.length > 0 && quantile(later.map(msOf), 0.95) <= ms) return seconds
  }
  return 2 * recoverySeconds
}
