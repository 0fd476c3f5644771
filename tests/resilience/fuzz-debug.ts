import { parseArgs } from 'node:util'
import { receipt } from '../documents/corpus.ts'
import { startGateway, startModel } from '../e2e/services.ts'
import { mutation } from './fuzz/mutate.ts'
import { createSeeds } from './fuzz/seeds.ts'
import { quantile, report, tenth } from './report.ts'
import { leftovers, type Reply, sendToGateway, sendToModel } from './send-file.ts'
import { watch } from './watch.ts'

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

const seeds = await createSeeds()
const model = await startModel({ MALLOC_ARENA_MAX: '2' })
const gateway = await startGateway(model)
const send = (number: number, file: Buffer): Promise<Reply> =>
  number % throughGateway === 0 ? sendToGateway(gateway, file) : sendToModel(model, file)

const canary = await receipt(1)
const before = await sendToModel(model, canary)
const start = performance.now()
using memory = watch(model)

const replies: Reply[] = []
let next = from
async function sendOneByOne(): Promise<void> {
  while (next < from + count) {
    const number = next++
    const { file, name } = mutation(seeds, seed, number)
    const reply = await send(number, file)
    replies.push(reply); if (reply.milliseconds > 800) console.log(number, name, reply.kind, reply.milliseconds | 0)
    if (!reply.isProper) console.log(`file ${number} (${name}): ${reply.kind}`)
  }
}
await Promise.all(Array.from({ length: atOnce }, sendOneByOne))

const minutes = (performance.now() - start) / 60_000
const growthMiB = memory.slope(minutes / 2) * (minutes / 2)
const after = await sendToModel(model, canary)
const left = leftovers(model)
await gateway.stop()
await model.stop()

const times = replies.map(({ milliseconds }) => milliseconds)
console.log(memory.samples.filter((_, i) => i % 4 === 0).map((s) => Math.round(s.memoryMiB)).join(' ')); replies.forEach((r, i) => { if (r.milliseconds > 1000) console.log('slow', i, r.kind, r.milliseconds) })
const improper = replies.filter(({ isProper }) => !isProper).length
const answers = Object.groupBy(replies, ({ kind }) => kind)
const p99Ms = quantile(times, 0.99)
report(
  'fuzz',
  {
    files: replies.length,
    seed,
    seconds: Math.round(minutes * 60),
    p50Ms: Math.round(quantile(times, 0.5)),
    p99Ms: Math.round(p99Ms),
    slowestMs: Math.round(quantile(times, 1)),
    growthMiB: tenth(growthMiB),
    peakMiB: Math.round(memory.peakMiB),
    improper,
    ...left,
    ...Object.fromEntries(
      Object.entries(answers).map(([kind, those = []]) => [`answers: ${kind}`, those.length]),
    ),
  },
  {
    everyAnswerIsProper: improper === 0 && replies.length === count,
    isFast: p99Ms < 2_000,
    memoryIsFlat: growthMiB < 20,
    nothingIsLeft: Object.values(left).every((number) => number === 0),
    canaryIsEqual: after.kind === 'read' && after.document.equals(before.document),
  },
)
