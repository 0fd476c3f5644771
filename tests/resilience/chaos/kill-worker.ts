import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from '../load/ask.ts'
import { audit, statuses } from '../load/audit.ts'
import { inTurn, startBaseLoad } from '../load/base-load.ts'
import { engineDeaths } from '../load/metrics.ts'
import { pages } from '../load/samples.ts'
import { startStack } from '../load/stack.ts'
import { throughGateway } from '../load/targets.ts'
import { tenth } from '../report.ts'
import { engineAtWork, signal } from './engines.ts'
import { defineScenario } from './scenario.ts'

const signals = ['SIGKILL', 'SIGSEGV'] as const
const wantedShare = 0.995

/** Kills an engine that is at work on a page, again and again, under load. */
export const killWorker = defineScenario({
  flags: {
    /** Seconds between two kills. */
    every: 5,
    minutes: 5,
  },
  short: { every: 2, minutes: 0.2 },
  async run({ every, minutes }) {
    await using stack = await startStack()
    using client = createClient('kill')
    const { model, gateway } = stack
    const size = model.engines().length
    const next = inTurn((await pages()).map(throughGateway(gateway)))
    const load = await startBaseLoad(() => client.ask(next()), Math.min(20, 20 * minutes))

    const until = performance.now() + minutes * 60_000
    let kills = 0
    while (performance.now() < until) {
      await sleep(every * 1000)
      if (signal(await engineAtWork(model), signals[kills % 2] ?? 'SIGKILL')) kills++
    }
    await load.stop()

    const found = audit(load.entries, [gateway.log()], [model.log()])
    const deaths = await engineDeaths(model)
    const read = found.read / found.requests
    return {
      figures: {
        ...found,
        ...statuses(load.entries),
        kills,
        deaths,
        readPercent: tenth(read * 100),
        perSecond: tenth(found.requests / (minutes * 60)),
        mostLateMs: tenth(load.mostLateMs),
      },
      goals: {
        lost: found.lost === 0,
        duplicated: found.duplicated === 0,
        differing: found.differing === 0,
        read: read >= wantedShare,
        deaths: Math.abs(deaths - kills) <= 1,
        engines: model.engines().length === size,
      },
    }
  },
})
