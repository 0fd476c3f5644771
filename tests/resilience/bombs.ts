import { parseArgs } from 'node:util'
import { receipt } from '../documents/corpus.ts'
import { inspected } from '../observability/heap.ts'
import { bundled } from '../services/bundles.ts'
import { type Model, startModel } from '../services/start.ts'
import { bombs as allBombs } from './bombs/all.ts'
import { type Bomb, MiB, pageTimeoutSeconds } from './bombs/bomb.ts'
import { measured } from './bombs/measure.ts'
import { report, tenth } from './report.ts'
import { leftovers, type Reply, sendToModel } from './send-file.ts'
import { residentMiB } from './steady-memory.ts'

// Sends files to a model that would cost far more than they weigh, one after the other, and tells what each took:
// bombs --only TIFF.

/** What is refused or read of a small picture. */
const usual = { seconds: 1, growthMB: 100 }
/** OCR_PDF_MEMORY_BYTES, of which resident memory is a part. */
const mostChildMB = 537

interface Outcome {
  readonly bomb: Bomb
  readonly reply: Reply
  readonly growthMB: number
  readonly childMB: number
}

async function explode(model: Model, bomb: Bomb): Promise<Outcome> {
  const file = await bomb.file()
  const { result: reply, ...memory } = await measured(model, () => sendToModel(model, file))
  const outcome = { bomb, reply, ...memory }
  const [growth, child] = [outcome.growthMB, outcome.childMB].map(Math.round)
  const took = `${Math.round(reply.milliseconds)} ms, +${growth} MB, child ${child} MB`
  console.log(`${bomb.name} (${file.length} B): ${reply.kind}, ${took}`)
  for (const problem of problemsOf(outcome)) console.log(`  ${problem}`)
  return outcome
}

/** What of an outcome is not as it has to be. */
function problemsOf({ bomb, reply, growthMB, childMB }: Outcome): string[] {
  const { seconds, growthMB: mostGrowthMB } = bomb.allowed ?? usual
  const isExpected = bomb.outcome === 'either' || bomb.outcome === reply.kind
  return [
    ...(reply.isProper && isExpected ? [] : [`${bomb.outcome} was expected`]),
    ...(reply.milliseconds < seconds * 1000 ? [] : [`more than ${seconds} s`]),
    ...(growthMB < mostGrowthMB ? [] : [`more than ${mostGrowthMB} MB`]),
    ...(childMB < mostChildMB ? [] : [`a child with more than ${mostChildMB} MB`]),
  ]
}

const most = (values: readonly number[]): number => Math.max(0, ...values)

// Services and files are ended and removed at the exit.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(130))

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } })
const bombs = allBombs.filter(({ name }) => name.includes(values.only))
const timeLimit = { OCR_PAGE_TIMEOUT_MS: String(pageTimeoutSeconds * 1000) }
const model = await startModel({ ...inspected, ...timeLimit }, bundled('model'))
const canary = await receipt(1)
// The second reading is in processes that have read before.
await sendToModel(model, canary)
const before = await sendToModel(model, canary)
const memoryBefore = await residentMiB(model)

const outcomes: Outcome[] = []
for (const bomb of bombs) outcomes.push(await explode(model, bomb))

const after = await sendToModel(model, canary)
const left = await leftovers(model)
const grownMB = (((await residentMiB(model)) - memoryBefore) * MiB) / 1e6
await model.stop()

const refused = outcomes.filter(({ reply }) => reply.kind !== 'read')
const small = outcomes.filter(({ bomb }) => !bomb.allowed)
const broken = outcomes.filter((outcome) => problemsOf(outcome).length > 0)
report(
  'bombs',
  {
    files: outcomes.length,
    refused: refused.length,
    slowestMs: Math.round(most(small.map(({ reply }) => reply.milliseconds))),
    mostGrowthMB: tenth(most(small.map(({ growthMB }) => growthMB))),
    mostGrowthOfLargeMB: tenth(most(outcomes.map(({ growthMB }) => growthMB))),
    mostChildMB: tenth(most(outcomes.map(({ childMB }) => childMB))),
    grownMB: tenth(grownMB),
    ...left,
  },
  {
    eachIsRefusedOrBounded: broken.length === 0,
    memoryIsGivenBack: grownMB < usual.growthMB,
    nothingIsLeft: Object.values(left).every((count) => count === 0),
    canaryIsEqual: after.kind === 'read' && after.document.equals(before.document),
  },
)
