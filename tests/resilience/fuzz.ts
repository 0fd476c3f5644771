import { parseArgs } from 'node:util'
import { receipt } from '../documents/corpus.ts'
import { inspected } from '../observability/heap.ts'
import { bundled } from '../services/bundles.ts'
import { type Model, type Service, startGateway, startModel } from '../services/start.ts'
import { mutation } from './fuzz/mutate.ts'
import { createSeeds } from './fuzz/seeds.ts'
import { quantile, report, tenth } from './report.ts'
import { leftovers, type Reply, sendToGateway, sendToModel } from './send-file.ts'
import { residentMiB } from './steady-memory.ts'

// Sends damaged files to both services, a few at once, and tells what they answered: fuzz --n 2000 --seed 1. A file
// that is told of is sent alone by --from with its number and --n 1.

const atOnce = 4
/** One of so many goes through the gateway. */
const throughGateway = 10

// Services and files are ended and removed at the exit.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(130))

const numberOf = (name: string, value: string): number => {
  if (/^\d{1,9}$/.test(value)) return Number(value)
  throw new Error(`--${name} is "${value}", but must be a whole number`)
}
const { values } = parseArgs({
  options: {
    n: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
  },
})
const [count, seed, from] = [
  numberOf('n', values.n),
  numberOf('seed', values.seed),
  numberOf('from', values.from),
]

/** Sends a part of the files, a few at once. */
async function send(model: Model, gateway: Service, first: number, end: number): Promise<Reply[]> {
  const replies: Reply[] = []
  let next = first
  const sendOneByOne = async (): Promise<void> => {
    while (next < end) {
      const number = next++
      const { file, name } = mutation(seeds, seed, number)
      const isThroughGateway = number % throughGateway === 0
      const sent = isThroughGateway ? sendToGateway(gateway, file) : sendToModel(model, file)
      const reply = await sent
      replies.push(reply)
      if (!reply.isProper) console.log(`file ${number} (${name}): ${reply.kind}`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, sendOneByOne))
  return replies
}

const seeds = await createSeeds()
const model = await startModel(inspected, bundled('model'))
const gateway = await startGateway(model, {}, bundled('gateway'))
const canary = await receipt(1)
const before = await sendToModel(model, canary)
const start = performance.now()
const half = from + Math.floor(count / 2)
const earlier = await send(model, gateway, from, half)
const halfMiB = await residentMiB(model)
const replies = [...earlier, ...(await send(model, gateway, half, from + count))]
const residentAfterMiB = await residentMiB(model)
const seconds = (performance.now() - start) / 1000
const growthMiB = residentAfterMiB - halfMiB
const after = await sendToModel(model, canary)
const left = await leftovers(model)
await gateway.stop()
await model.stop()

const times = replies.map(({ milliseconds }) => milliseconds)
const p99Ms = quantile(times, 0.99)
const improper = replies.filter(({ isProper }) => !isProper).length
const answers = Object.entries(Object.groupBy(replies, ({ kind }) => kind))
report(
  'fuzz',
  {
    files: replies.length,
    seed,
    seconds: Math.round(seconds),
    growthMiB: tenth(growthMiB),
    residentMiB: Math.round(residentAfterMiB),
    p50Ms: Math.round(quantile(times, 0.5)),
    p99Ms: Math.round(p99Ms),
    slowestMs: Math.round(quantile(times, 1)),
    improper,
    ...left,
    ...Object.fromEntries(answers.map(([kind, those = []]) => [`answer: ${kind}`, those.length])),
  },
  {
    everyAnswerIsProper: improper === 0 && replies.length === count,
    isFast: p99Ms < 2_000,
    memoryIsFlat: growthMiB < 20,
    nothingIsLeft: Object.values(left).every((number) => number === 0),
    canaryIsEqual: after.kind === 'read' && after.document.equals(before.document),
  },
)
