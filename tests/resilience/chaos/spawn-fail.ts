import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { bundled } from '../../services/bundles.ts'
import { end, type Model, startModel } from '../../services/start.ts'
import { until } from '../../services/until.ts'
import { createClient, type Entry } from '../load/ask.ts'
import { audit, statuses } from '../load/audit.ts'
import { isRead, isRefused } from '../load/ends.ts'
import { startLoad } from '../load/generator.ts'
import { startProbes } from '../load/probes.ts'
import { receipt } from '../load/samples.ts'
import { straightToModel } from '../load/targets.ts'
import { tenth } from '../report.ts'
import { signal } from './engines.ts'
import { defineScenario } from './scenario.ts'

const requestsPerSecond = 4
/** Before each fault. */
const calmMs = 1_000
const mostHealMs = 5_000

/** The engine's program fails at its start, or is not there, for a while. */
export const spawnFail = defineScenario({
  flags: {
    /** Seconds for which it fails after the model has noticed. */
    seconds: 10,
  },
  short: { seconds: 1 },
  async run({ seconds }) {
    using program = createProgram()
    const model = await startModel({ OCR_TESSERACT: program.file }, bundled('model'))
    await using _model = { [Symbol.asyncDispose]: () => end(model) }
    using client = createClient('spawn')
    const page = straightToModel(model)(await receipt())
    await using alive = startProbes(model, ['/v2/health/live'])

    const outages: Outage[] = []
    for (const fault of program.faults) {
      const load = startLoad(() => client.ask(page), requestsPerSecond)
      await sleep(calmMs)
      const brokenAt = performance.now()
      fault.begin()
      for (const pid of model.engines()) signal(pid, 'SIGKILL')
      const isNoticed = await comesTrue(async () => !(await isReady(model)))
      const noticedMs = performance.now() - brokenAt
      await sleep(seconds * 1000)
      await load.stop()
      const healedAt = performance.now()
      fault.end()
      const isHealed = await comesTrue(() => isReady(model))
      const healMs = performance.now() - healedAt
      const after = await client.ask(page)
      outages.push({ entries: load.entries, after, isNoticed, noticedMs, isHealed, healMs })
    }

    const entries = outages.flatMap((outage) => [...outage.entries, outage.after])
    const found = audit(entries, [model.log()])
    const healMs = Math.max(...outages.map((outage) => outage.healMs))
    return {
      figures: {
        ...found,
        ...statuses(entries),
        withoutRetryAfter: entries.filter((entry) => !isRead(entry) && !isRefused(entry)).length,
        noticedMs: tenth(Math.max(...outages.map((outage) => outage.noticedMs))),
        healMs: tenth(healMs),
      },
      goals: {
        lost: found.lost === 0,
        duplicated: found.duplicated === 0,
        answers: entries.every((entry) => isRead(entry) || isUnavailable(entry)),
        notReady: outages.every(({ isNoticed }) => isNoticed),
        alive: alive.failed === 0,
        heals: outages.every(({ isHealed }) => isHealed) && healMs < mostHealMs,
        readsAgain: outages.every(({ after }) => isRead(after)),
      },
    }
  },
})

interface Outage {
  readonly entries: readonly Entry[]
  /** The first request afterwards. */
  readonly after: Entry
  readonly isNoticed: boolean
  readonly noticedMs: number
  readonly isHealed: boolean
  readonly healMs: number
}

interface Fault {
  begin(): void
  end(): void
}

/** A program that is tesseract, unless it is told to fail. */
function createProgram(): Disposable & {
  readonly file: string
  readonly faults: readonly Fault[]
} {
  const folder = mkdtempSync(join(tmpdir(), 'ocr-program-'))
  const [file, away, failing] = ['tesseract', 'away', 'failing'].map((name) =>
    join(folder, name),
  ) as [string, string, string]
  const script = `#!/bin/sh\n[ -e ${failing} ] && exit 1\nexec tesseract "$@"\n`
  writeFileSync(file, script, { mode: 0o755 })
  return {
    file,
    faults: [
      { begin: () => writeFileSync(failing, ''), end: () => rmSync(failing) },
      { begin: () => renameSync(file, away), end: () => renameSync(away, file) },
    ],
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

const isReady = async ({ url }: Model): Promise<boolean> =>
  (await fetch(`${url}/v2/health/ready`)).ok

const comesTrue = (isTrue: () => Promise<boolean>): Promise<boolean> =>
  until(async () => (await isTrue()) || undefined).catch(() => false)

const isUnavailable = ({ end }: Entry): boolean => end.outcome === 'answered' && end.status === 503
