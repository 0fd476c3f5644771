import { parseArgs } from 'node:util'
import { allottedCpus } from '../functions/platform/cpus.ts'
import { densePage } from '../tests/documents/corpus.ts'
import { renderText } from '../tests/documents/render.ts'
import { type Contender, oldWay, oneshot, warm, wholePath } from './contenders.ts'
import { measure, percentile, type Throughput, watchMemory } from './measure.ts'

const { values: flags } = parseArgs({
  options: {
    /** Seconds per figure on the short image; the page gets as much, and at least a page per lane. */
    seconds: { type: 'string', default: '8' },
    /** Only images whose name starts with this: short or page. */
    image: { type: 'string', default: '' },
  },
})
const seconds = Number(flags.seconds)
const cpus = allottedCpus()
const concurrencies = [1, 2 * cpus, 8 * cpus]

interface Row {
  readonly name: string
  readonly runs: readonly Throughput[]
  readonly peakMiB: number
}

async function measureContender(contender: Contender, image: Buffer): Promise<Row> {
  // Some hundred requests, until the code of all processes is compiled.
  await measure(contender, images['short line'], { concurrency: 2 * cpus, seconds })
  const runs: Throughput[] = []
  let peakMiB = 0
  for (const concurrency of concurrencies) {
    process.stderr.write(`  ${contender.name}, concurrency ${concurrency}\n`)
    // Looking at the memory costs CPU time, so it is done where latencies are not reported.
    const memory = concurrency === 1 ? undefined : watchMemory()
    runs.push(await measure(contender, image, { concurrency, seconds }))
    peakMiB = Math.max(peakMiB, memory?.stop() ?? 0)
  }
  await contender.close()
  return { name: contender.name, runs, peakMiB }
}

async function benchmark(title: string, image: Buffer): Promise<void> {
  process.stderr.write(`${title}\n`)
  const rows: Row[] = []
  for (const create of [oldWay, oneshot, warm, wholePath]) {
    rows.push(await measureContender(await create(cpus), image))
  }
  printTable(title, rows)
}

function printTable(title: string, rows: readonly Row[]): void {
  const head = [title, 'p50 ms', 'p95 ms', ...concurrencies.map((c) => `/s at ${c}`), 'peak MiB']
  console.log(`\n| ${head.join(' | ')} |\n|---|${'---:|'.repeat(head.length - 1)}`)
  for (const { name, runs, peakMiB } of rows) {
    const alone = runs[0]?.latencies ?? []
    const throughputs = runs.map(({ perSecond }, index) => {
      const ratio = perSecond / (rows[0]?.runs[index]?.perSecond ?? Number.NaN)
      return `${perSecond.toFixed(2)} (${ratio.toFixed(1)}x)`
    })
    const cells = [
      name,
      percentile(alone, 50).toFixed(1),
      percentile(alone, 95).toFixed(1),
      ...throughputs,
      peakMiB.toFixed(0),
    ]
    console.log(`| ${cells.join(' | ')} |`)
  }
}

const line = await renderText('Total due 48.20 by 30 June', { size: 10, dpi: 150, margin: 30 })
const images = { 'short line': await line.png().toBuffer(), 'page, A4': await densePage() }

console.log(`${cpus} CPUs, ${seconds} s per figure; ratios are to (a) in the same column`)
for (const [title, image] of Object.entries(images)) {
  if (title.startsWith(flags.image)) await benchmark(title, image)
}
