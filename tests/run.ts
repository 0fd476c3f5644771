import { globSync } from 'node:fs'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'

/** Two files at a time: most of them wait for others. What measures takes the best of some tries. */
const suites: ReadonlyArray<{
  name: string
  pattern: string
  concurrency: number
  /** Milliseconds for one test. */
  timeout?: number
  /** Runs only when it is named. */
  isExtra?: boolean
}> = [
  { name: 'functions', pattern: 'functions/**/*.test.ts', concurrency: 2 },
  {
    name: 'around',
    pattern: '{cli/**,bench/**,demo/**,tests,tests/{dashboards,resilience/**,scripts}}/*.test.ts',
    concurrency: 2,
  },
  { name: 'e2e', pattern: 'tests/e2e/*.test.ts', concurrency: 2 },
  {
    name: 'observability',
    pattern: 'tests/observability/*.test.ts',
    concurrency: 2,
    isExtra: true,
  },
  { name: 'page', pattern: 'tests/page/*.test.ts', concurrency: 2, isExtra: true },
  { name: 'charts', pattern: 'tests/charts/*.test.ts', concurrency: 2, isExtra: true },
  {
    name: 'cluster',
    pattern: 'tests/cluster/*.test.ts',
    concurrency: 1,
    timeout: 1_200_000,
    isExtra: true,
  },
]

const everyTest = globSync('{functions,cli,bench,demo,tests}/**/*.test.ts')
const found = new Set(suites.flatMap(({ pattern }) => globSync(pattern)))
const forgotten = everyTest.filter((file) => !found.has(file))
if (forgotten.length > 0) throw new Error(`No suite has ${forgotten.join(', ')}`)

/** Runs the suites whose name is among the arguments, or all; a suite without tests fails. */
const wanted = process.argv.slice(2)
for (const { name, pattern, concurrency, timeout = 120_000, isExtra = false } of suites) {
  if (wanted.length > 0 ? !wanted.includes(name) : isExtra) continue
  const files = globSync(pattern)
  const passed = await runSuite(files, concurrency, timeout)
  if (passed === 0) {
    console.error(`The suite "${name}" (${pattern}) ran no test.`)
    process.exitCode = 1
  }
}

/** The number of tests that passed. */
function runSuite(files: string[], concurrency: number, timeout: number): Promise<number> {
  return new Promise((resolve, reject) => {
    if (files.length === 0) return resolve(0)
    let passed = 0
    const events = run({ files, concurrency, execArgv: ['--import', 'tsx'], timeout })
    events.on('test:fail', () => {
      process.exitCode = 1
    })
    events.on('test:summary', ({ file, counts }) => {
      if (file === undefined) passed = counts.passed
    })
    events.on('error', reject)
    const report = events.compose(spec)
    report.on('end', () => resolve(passed))
    report.pipe(process.stdout)
  })
}
