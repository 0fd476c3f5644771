import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { bundled } from '../../services/bundles.ts'
import { end, type Model, portOf, startModel } from '../../services/start.ts'
import { createClient, type Entry } from '../load/ask.ts'
import { audit, statuses } from '../load/audit.ts'
import { inTurn, startBaseLoad } from '../load/base-load.ts'
import { isRead, isRefused, msOf, wasAdmitted } from '../load/ends.ts'
import { pages } from '../load/samples.ts'
import { startStack } from '../load/stack.ts'
import { throughGateway } from '../load/targets.ts'
import { tenth } from '../report.ts'
import { defineScenario } from './scenario.ts'

const signals = ['SIGTERM', 'SIGKILL'] as const
const mostRecoveryMs = 5_000
const mostWaitMs = 15_000

/** The model is ended and started again on its port, politely and not in turn, behind a gateway under load. */
export const modelRestart = defineScenario({
  flags: {
    /** Seconds from a start to the next end. */
    every: 10,
    times: 10,
  },
  short: { every: 3, times: 2 },
  async run({ every, times }) {
    await using stack = await startStack()
    using client = createClient('restart')
    const { gateway } = stack
    const port = String(portOf(stack.model))
    const models: Model[] = [stack.model]
    await using started = new AsyncDisposableStack()
    const next = inTurn((await pages()).map(throughGateway(gateway)))
    const load = await startBaseLoad(() => client.ask(next()), Math.min(10, every))

    const restarts: Restart[] = []
    for (let count = 0; count < times; count++) {
      await sleep(every * 1000)
      const [model, signal] = [models.at(-1), signals[count % 2]]
      if (!model || !signal) throw new Error('There is a model, and a signal.')
      const endedAt = performance.now()
      model.child.kill(signal)
      await once(model.child, 'exit')
      const again = await startModel({ PORT: port }, bundled('model'))
      started.defer(() => end(again))
      models.push(again)
      restarts.push({ signal, endedAt, readyAt: performance.now() })
    }
    await sleep(every * 1000)
    await load.stop()

    const { entries } = load
    const found = audit(
      entries,
      [gateway.log()],
      models.map((model) => model.log()),
    )
    const recoveryMs = restarts.map((restart) => recoveryOf(entries, restart))
    const admitted = entries.filter((entry) => wasUnderWay(entry, restarts))
    const slowestMs = Math.max(...entries.map(msOf))
    return {
      figures: {
        ...found,
        ...statuses(entries),
        restarts: restarts.length,
        admitted: admitted.length,
        admittedLost: admitted.filter((entry) => !isRead(entry)).length,
        recoveryMs: tenth(Math.max(...recoveryMs)),
        startMs: tenth(Math.max(...restarts.map(({ endedAt, readyAt }) => readyAt - endedAt))),
        slowestMs: tenth(slowestMs),
      },
      goals: {
        lost: found.lost === 0,
        duplicated: found.duplicated === 0,
        answers: entries.every((entry) => isRead(entry) || isRefused(entry)),
        admitted: admitted.every(isRead),
        recovery: Math.max(...recoveryMs) < mostRecoveryMs,
        nothingHangs: slowestMs < mostWaitMs,
      },
    }
  },
})

interface Restart {
  readonly signal: NodeJS.Signals
  readonly endedAt: number
  /** When the next model was ready. */
  readonly readyAt: number
}

/** Milliseconds until a request was read that began after the end of the model. */
function recoveryOf(entries: readonly Entry[], { endedAt }: Restart): number {
  const later = entries.filter(isRead).filter(({ startedAt }) => startedAt > endedAt)
  return Math.min(...later.map((entry) => entry.endedAt - endedAt))
}

/** Whether the model had a request when it was asked to stop. */
const wasUnderWay = (entry: Entry, restarts: readonly Restart[]): boolean =>
  restarts.some(
    ({ signal, endedAt }) =>
      signal === 'SIGTERM' && wasAdmitted(entry, endedAt) && entry.endedAt > endedAt,
  )
