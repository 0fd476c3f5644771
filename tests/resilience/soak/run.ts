import { setTimeout as sleep } from 'node:timers/promises'
import { childrenOf, memoryMiB } from '../../services/processes.ts'
import { pagesUnderWay } from '../../services/progress.ts'
import type { Model } from '../../services/start.ts'
import { until } from '../../services/until.ts'
import { createClient } from '../load/ask.ts'
import { audit, statuses } from '../load/audit.ts'
import { startBaseLoad } from '../load/base-load.ts'
import { isRead } from '../load/ends.ts'
import { closedLoop, type Load } from '../load/generator.ts'
import { type Stack, startStack } from '../load/stack.ts'
import { type Figures, type Goals, tenth } from '../report.ts'
import { watchGrowth } from './growth.ts'
import { digestOf, slowness, unexpected } from './judge.ts'
import { createSoakMix, type SoakMix } from './mix.ts'

/** Reading what a process has takes a part of a millisecond. */
const watchEveryMs = 2_000
const measureSeconds = 20
/**
 * For some ten thousand requests before the watch begins. V8 collects all garbage once in thousands of requests, and
 * the first time takes some MiB for it: at the pace of pages that is after half an hour, and looks like a leak.
 */
const warmUpSeconds = 60
const warmUpWorkers = 8
const mostSlowdown = 1.25
/** Below it the slowest of some dozens of requests tell of the machine. */
const fewestMinutes = 10

/** Has both services work for so long, and tells what they lost, gained and left behind. */
export async function soak(minutes: number): Promise<{ figures: Figures; goals: Goals }> {
  await using stack = await startStack()
  using client = createClient('soak')
  const { model, gateway } = stack
  const mix = await createSoakMix(client, stack)
  const canaries = new Map((await mix.askEach()).map((entry) => [entry.sample, digestOf(entry)]))
  const children = childrenOf(model.pid).length
  const seconds = Math.min(warmUpSeconds, minutes * 6)
  await closedLoop(mix.askRefused, { workers: warmUpWorkers, seconds })

  const load = await startBaseLoad(mix.askNext, Math.min(measureSeconds, minutes * 10), mix.askPage)
  using ofModel = watchGrowth(model, watchEveryMs)
  using ofGateway = watchGrowth(gateway, watchEveryMs)
  using _progress = tellProgress(load, mix, stack)
  await sleep(minutes * 60_000)
  await load.stop()

  const { entries } = load
  const left = await leftBehind(model, children)
  const found = audit(entries, [gateway.log()], [model.log()])
  const wrong = unexpected(entries, mix)
  const changed = entries.filter(isRead).filter((e) => canaries.get(e.sample) !== digestOf(e))
  const { first, last } = slowness(entries.filter(isRead))
  return {
    figures: {
      minutes,
      ...found,
      ...statuses(entries),
      kills: mix.kills.length,
      unexpected: wrong.length,
      changed: changed.length,
      perSecond: tenth(entries.length / (minutes * 60)),
      ...named('model', ofModel.figures(minutes)),
      ...named('gateway', ofGateway.figures(minutes)),
      ...left,
      firstP95Ms: tenth(first),
      lastP95Ms: tenth(last),
      mostLateMs: tenth(load.mostLateMs),
    },
    goals: {
      lost: found.lost === 0,
      duplicated: found.duplicated === 0,
      differing: found.differing === 0,
      expected: wrong.length === 0,
      canaries: changed.length === 0,
      memory: ofModel.hasFlatMemory(minutes) && ofGateway.hasFlatMemory(minutes),
      descriptors: ofModel.hasFlatDescriptors() && ofGateway.hasFlatDescriptors(),
      nothingLeft: left.moreChildren === 0 && left.workFiles === 0,
      slowdown: minutes < fewestMinutes || last <= first * mostSlowdown,
    },
  }
}

/** What is there when all requests have ended; an engine that was killed is being replaced for a moment. */
async function leftBehind(model: Model, children: number) {
  const left = () => ({
    moreChildren: childrenOf(model.pid).length - children,
    workFiles: pagesUnderWay(model),
  })
  const isNothing = () => Object.values(left()).every((count) => count === 0)
  await until(() => isNothing() || undefined).catch(() => undefined)
  return left()
}

const named = (service: string, figures: Readonly<Record<string, number>>): Figures =>
  Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [`${service}.${name}`, tenth(value)]),
  )

/** A line on standard error every minute. */
function tellProgress(load: Load, mix: SoakMix, stack: Stack): Disposable {
  let minute = 0
  const timer = setInterval(() => {
    const counts = JSON.stringify(statuses(load.entries))
    const memory = (['model', 'gateway'] as const)
      .map((name) => `${name} ${memoryMiB(stack[name]).toFixed(0)} MiB`)
      .join(', ')
    const { length: kills } = mix.kills
    console.error(`minute ${++minute}: ${load.sent} sent, ${kills} kills, ${counts}, ${memory}`)
  }, 60_000)
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
