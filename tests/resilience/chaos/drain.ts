import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRandom } from '../../documents/random.ts'
import { bundled } from '../../services/bundles.ts'
import { isRunning } from '../../services/processes.ts'
import { end, type Model, type Service, startGateway, startModel } from '../../services/start.ts'
import { type Client, createClient, type Entry } from '../load/ask.ts'
import { audit } from '../load/audit.ts'
import { inTurn, measureCapacity } from '../load/base-load.ts'
import { isRead, wasAdmitted } from '../load/ends.ts'
import { startLoad } from '../load/generator.ts'
import { pages, type Sample } from '../load/samples.ts'
import { straightToModel, type Target, throughGateway } from '../load/targets.ts'
import { tenth } from '../report.ts'
import { drainAsFirstProcess } from './first-process.ts'
import { defineScenario } from './scenario.ts'

const graceMs = 25_000
/** The load goes on for so long after the signal, before a door that closes. */
const afterwardsMs = 200

/** Ends the model and the gateway in turn by SIGTERM, under as much load as they can take; once the model as the first process of its own. */
export const drain = defineScenario({
  flags: { times: 50 },
  short: { times: 4 },
  async run({ times }) {
    using client = createClient('drain')
    const samples = await pages()
    const model = await startModel({}, bundled('model'))
    await using _model = { [Symbol.asyncDispose]: () => end(model) }
    const target = inTurn(samples.map(straightToModel(model)))
    const { perSecond } = await measureCapacity(() => client.ask(target()), 3)

    const random = createRandom(times)
    const rounds: Round[] = []
    for (let count = 0; count < times; count++) {
      const loadMs = 500 + 500 * random()
      const options = { client, samples, rate: perSecond, loadMs }
      rounds.push(
        count % 2 === 0
          ? await drainModel(await startModel(settings, bundled('model')), options)
          : await drainOne(await startGateway(model, settings, bundled('gateway')), options),
      )
    }
    const first = await drainAsFirstProcess(client, samples)

    const sum = (of: (round: Round) => number) => rounds.reduce((all, one) => all + of(one), 0)
    const slowestMs = Math.max(...rounds.map(({ ms }) => ms))
    const admittedLost = sum(({ admitted }) => admitted.filter((entry) => !isRead(entry)).length)
    return {
      figures: {
        rounds: rounds.length,
        admitted: sum(({ admitted }) => admitted.length),
        admittedLost,
        underWay: sum(({ underWay }) => underWay),
        ...doorFigures(rounds.flatMap(({ atTheDoor }) => atTheDoor)),
        duplicated: sum(({ duplicated }) => duplicated),
        slowestMs: tenth(slowestMs),
        left: sum(({ left }) => left),
        firstProcess: first.how,
      },
      goals: {
        admitted: admittedLost === 0,
        duplicated: sum(({ duplicated }) => duplicated) === 0,
        exitCodes: rounds.every(({ exitCode }) => exitCode === 0),
        inTime: slowestMs < graceMs,
        nothingLeft: sum(({ left }) => left) === 0,
        firstProcess: first.isWell,
      },
    }
  },
})

const settings = { OCR_SHUTDOWN_GRACE_MS: String(graceMs) }

interface Round {
  /** Requests that the service had when it was told to stop. */
  readonly admitted: readonly Entry[]
  /** Of those, how many had no answer yet. */
  readonly underWay: number
  /** Those that came about then, and later. */
  readonly atTheDoor: readonly Entry[]
  readonly duplicated: number
  readonly exitCode: number
  /** From the signal to the exit. */
  readonly ms: number
  /** Processes and working files. */
  readonly left: number
}

interface DrainOptions {
  readonly client: Client
  readonly samples: readonly Sample[]
  readonly rate: number
  /** How long there is load before the signal. */
  readonly loadMs: number
}

async function drainModel(model: Model, options: DrainOptions): Promise<Round> {
  const engines = model.engines()
  const round = await drainOne(model, options, straightToModel(model))
  const left = engines.filter(isRunning).length + model.workFiles().length
  return { ...round, left }
}

async function drainOne(
  service: Service,
  { client, samples, rate, loadMs }: DrainOptions,
  target: Target = throughGateway(service),
): Promise<Round> {
  const next = inTurn(samples.map(target))
  const load = startLoad(() => client.ask(next()), rate)
  await sleep(loadMs)
  const [stoppedAt, closed] = [performance.now(), once(service.child, 'close')]
  const exited = service.stop().then((exitCode) => ({
    exitCode,
    ms: performance.now() - stoppedAt,
  }))
  await sleep(afterwardsMs)
  await load.stop()
  const { exitCode, ms } = await exited
  await closed
  const { entries } = load
  const [admitted, atTheDoor] = [true, false].map((was) =>
    entries.filter((entry) => wasAdmitted(entry, stoppedAt) === was),
  ) as [Entry[], Entry[]]
  const underWay = admitted.filter(({ endedAt }) => endedAt > stoppedAt).length
  const { duplicated } = audit(entries, [service.log()])
  return { admitted, underWay, atTheDoor, duplicated, exitCode, ms, left: 0 }
}

/** How those ended that came too late to be sure of a place. */
const doorFigures = (entries: readonly Entry[]) => ({
  doorRead: entries.filter(isRead).length,
  doorUnconnected: entries.filter(({ end }) => end.outcome === 'unconnected').length,
  doorReset: entries.filter(({ end }) => end.outcome === 'lost').length,
})
