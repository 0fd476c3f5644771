import type { Model, Service } from '../../services/start.ts'
import { enginesAtWork, signal } from '../chaos/engines.ts'
import type { Client, Entry } from '../load/ask.ts'
import { hostile, largePages, pages } from '../load/samples.ts'
import { type Prepared, throughGateway } from '../load/targets.ts'
import { picker, type Turn, turns } from './turns.ts'

/** Requests of all kinds, and what was done to the engines meanwhile. */
export interface SoakMix {
  /** Sends the next request of the mix. */
  askNext(): Promise<Entry>
  /** The same of pages alone, short and large as they are in the mix, and without any harm. */
  askPage(): Promise<Entry>
  /** Every page once, one after the other. */
  askEach(): Promise<Entry[]>
  /** A file that is no image: both services have answered in a moment. */
  askRefused(): Promise<Entry>
  /** When an engine was killed. */
  readonly kills: readonly number[]
  /** Of a request: whether its file cannot be read. */
  isHostile(entry: Entry): boolean
}

const seed = 1
/** How far into its request a client goes away, at most. */
const longestStayMs = 600

export async function createSoakMix(
  client: Client,
  { model, gateway }: { readonly model: Model; readonly gateway: Service },
): Promise<SoakMix> {
  const prepare = throughGateway(gateway)
  const files = { page: await pages(), large: await largePages(), hostile: await hostile() }
  const [short, large, bad] = [files.page, files.large, files.hostile].map((samples) =>
    samples.map(prepare),
  ) as [Prepared[], Prepared[], Prepared[]]
  const noImage = prepare({ name: 'text', file: Buffer.from('no image') })
  const names = new Set(files.hostile.map(({ name }) => name))
  const [turn, pageTurn] = [turns(seed), turns(seed)]
  const [from, pageFrom] = [picker(seed), picker(seed)]
  const kills: number[] = []

  const killOne = () => {
    const [pid] = enginesAtWork(model)
    if (pid !== undefined && signal(pid, 'SIGKILL')) kills.push(performance.now())
  }
  const ways: Readonly<Record<Turn, () => Promise<Entry>>> = {
    page: () => client.ask(from(short)),
    large: () => client.ask(from(large)),
    hostile: () => client.ask(from(bad)),
    cut: () => client.ask(from(large), { signal: AbortSignal.timeout(from(stays)) }),
    kill() {
      killOne()
      return client.ask(from(short))
    },
  }
  return {
    kills,
    askNext: () => ways[turn.next().value](),
    askPage: () => client.ask(pageFrom(pageTurn.next().value === 'large' ? large : short)),
    async askEach() {
      const entries: Entry[] = []
      for (const prepared of [...short, ...large]) entries.push(await client.ask(prepared))
      return entries
    },
    askRefused: () => client.ask(noImage),
    isHostile: ({ sample }) => names.has(sample),
  }
}

const stays = Array.from({ length: 10 }, (_, index) => ((index + 1) * longestStayMs) / 10)
