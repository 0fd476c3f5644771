import { childrenOf, isRunning, stateOf } from '../../services/processes.ts'
import type { Model } from '../../services/start.ts'
import { type Client, createClient, type Entry } from '../load/ask.ts'
import { audit } from '../load/audit.ts'
import { isRead, msOf } from '../load/ends.ts'
import { quarter, receipt } from '../load/samples.ts'
import { startStack } from '../load/stack.ts'
import { type Prepared, throughGateway } from '../load/targets.ts'
import { tenth } from '../report.ts'
import { enginesAtPages, signal } from './engines.ts'
import { defineScenario } from './scenario.ts'

const mostLateMs = 1_000
const mostBackMs = 2_000

/** Stops engines in the middle of a page, one and all in turn: they get no signal but the one that kills. */
export const hangWorker = defineScenario({
  flags: {
    times: 10,
    /** Time for a page, as the model is set, in seconds. */
    timeout: 5,
  },
  short: { times: 2, timeout: 3 },
  async run({ times, timeout }) {
    const timeoutMs = timeout * 1000
    await using stack = await startStack({ model: { OCR_PAGE_TIMEOUT_MS: String(timeoutMs) } })
    using client = createClient('hang')
    const { model, gateway } = stack
    const target = throughGateway(gateway)
    const [page, short] = [target(await quarter()), target(await receipt())]
    const size = model.engines().length
    const rounds: Round[] = []
    for (let count = 0; count < times; count++) {
      const hung = count % 2 === 0 ? 1 : size
      rounds.push(await hang({ model, client, page, short, hung, size }))
    }

    const entries = rounds.flatMap(({ hung, beside, after }) => [...hung, ...beside, ...after])
    const found = audit(entries, [gateway.log()], [model.log()])
    const hung = rounds.flatMap((round) => round.hung)
    const lateMs = hung.map((entry) => Math.abs(msOf(entry) - timeoutMs))
    const backMs = Math.max(...rounds.map((round) => round.backMs))
    const beside = rounds.flatMap((round) => round.beside)
    const after = rounds.flatMap((round) => round.after)
    const zombies = childrenOf(model.pid).filter((pid) => stateOf(pid) === 'Z').length
    const orphans = rounds.flatMap(({ engines }) => engines).filter(isRunning).length
    return {
      figures: {
        ...found,
        hung: hung.length,
        beside: beside.length,
        lateMs: tenth(Math.max(...lateMs)),
        backMs: tenth(backMs),
        zombies,
        orphans,
      },
      goals: {
        lost: found.lost === 0,
        duplicated: found.duplicated === 0,
        timedOut: hung.every(isTimedOut),
        inTime: Math.max(...lateMs) <= mostLateMs,
        beside: beside.every(isRead),
        back: after.every(isRead) && backMs < mostBackMs,
        processes: zombies + orphans === 0 && model.engines().length === size,
      },
    }
  },
})

interface Round {
  /** Engines that were stopped. */
  readonly engines: readonly number[]
  /** Requests whose page they were at. */
  readonly hung: readonly Entry[]
  /** Sent one after the other meanwhile, where an engine is left. */
  readonly beside: readonly Entry[]
  /** A page for every engine, when the hung ones had been answered. */
  readonly after: readonly Entry[]
  /** What those took together. */
  readonly backMs: number
}

interface HangOptions {
  readonly model: Model
  readonly client: Client
  readonly page: Prepared
  readonly short: Prepared
  /** Engines to be stopped. */
  readonly hung: number
  /** All there are. */
  readonly size: number
}

async function hang({ model, client, page, short, hung, size }: HangOptions): Promise<Round> {
  const answers = Array.from({ length: hung }, () => client.ask(page))
  const engines = await enginesAtPages(model, hung)
  for (const pid of engines) signal(pid, 'SIGSTOP')
  const beside: Entry[] = []
  let isOver = hung === size
  const ended = Promise.all(answers).finally(() => {
    isOver = true
  })
  while (!isOver) beside.push(await client.ask(short))
  const entries = await ended
  const start = performance.now()
  const after = await Promise.all(Array.from({ length: size }, () => client.ask(short)))
  return { engines, hung: entries, beside, after, backMs: performance.now() - start }
}

const isTimedOut = ({ end }: Entry): boolean =>
  end.outcome === 'answered' && end.status === 422 && end.kind === 'page_timeout'
