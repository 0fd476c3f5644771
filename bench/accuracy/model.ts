import { mkdtempSync, rmSync } from 'node:fs'
import { pino } from 'pino'
import { textOf } from '../../functions/contract/ocr.ts'
import { createAttempts } from '../../functions/model/attempts.ts'
import { type Attempts, improve, type Reading } from '../../functions/model/best-reading.ts'
import { createWarmEngine } from '../../functions/model/engine/warm.ts'
import { engineParts } from '../../functions/model/fixtures/engine-limits.ts'
import { ampleLimits } from '../../functions/model/fixtures/image-limits.ts'
import { installedTessdata } from '../../functions/model/fixtures/installation.ts'
import { type DecodedImage, decode } from '../../functions/model/image/decode.ts'
import { toGray } from '../../functions/model/image/gray.ts'
import { withinLimits } from '../../functions/model/image/normalize.ts'
import type { Repair } from '../../functions/model/image/repair.ts'
import { modelMetrics } from '../../functions/model/metrics.ts'
import { createRecognition } from '../../functions/model/recognition.ts'
import { modelSettings } from '../../functions/model/settings.ts'
import { createShare } from '../../functions/model/share.ts'
import { createWorkspace } from '../../functions/model/workspace.ts'
import { loadSettings } from '../../functions/platform/settings.ts'
import { createMetrics } from '../../functions/platform/telemetry/metrics.ts'
import { noTracing } from '../../functions/platform/telemetry/tracing.ts'
import { type Contender, contender } from './contenders.ts'

const { signal: never } = new AbortController()

/** The model as it is served, in this process and with one engine. */
export async function createModel() {
  const workDir = mkdtempSync('/dev/shm/ocr-accuracy-')
  const ends: Array<() => Promise<void> | void> = []
  const settings = loadSettings(modelSettings, {
    OCR_ENGINE_PROCESSES: '1',
    OCR_WORK_DIR: workDir,
  })
  const log = pino({ level: 'silent' })
  const metrics = createMetrics(modelMetrics)
  metrics.discard()
  const { pipeline } = await createRecognition({
    settings,
    log,
    onStop: (end) => ends.push(end),
    instruments: metrics.instruments,
    tracing: noTracing,
  })
  const share = createShare({ size: 1, maxPdfBytes: 0 })
  return {
    withProfile: (profile: 'fast' | 'best'): Contender =>
      contender(profile, async ({ image, lang }) => {
        const options = { lang, profile }
        return (await pipeline.recognize({ image, options }, never, share)).document.text
      }),
    async close() {
      for (const end of ends.toReversed()) await end()
      rmSync(workDir, { recursive: true })
    },
  }
}

/** Does without a step of the profile `best`. */
type LeaveOut = (attempts: Attempts) => Attempts

const enginePixels = modelSettings.enginePixels.fallback

const withRepair =
  (change: Partial<Repair>): LeaveOut =>
  (attempts) => ({
    ...attempts,
    repaired: (image, page, repair) => attempts.repaired(image, page, { ...repair, ...change }),
  })

/** The steps of the profile `best`, each by what leaves it out. */
export const stepsToLeaveOut: Readonly<Record<string, LeaveOut>> = {
  'even light': (attempts) => ({
    ...attempts,
    repaired: async (image, _page, repair) =>
      attempts.repaired(image, await toGray(withinLimits(image, enginePixels).pixels), repair),
  }),
  deskew: withRepair({ skew: 0 }),
  enlarge: withRepair({ factor: 1 }),
  soften: withRepair({ softness: 0 }),
  turn: (attempts) => ({
    ...attempts,
    repaired: async (image, page, repair) =>
      image.turned === 0 ? await attempts.repaired(image, page, repair) : nothing(image),
  }),
}

const nothing = (image: DecodedImage): Reading => ({
  image,
  blocks: [],
  preprocessing: [],
  scaledTo: undefined,
})

/** The profile `best` without one of its steps. */
export async function bestWithout(name: string, leaveOut: LeaveOut): Promise<Contender> {
  const workDir = mkdtempSync('/dev/shm/ocr-accuracy-')
  const workspace = await createWorkspace(workDir)
  const tessdata = await installedTessdata()
  const engine = createWarmEngine({ file: 'tesseract', size: 1, ...engineParts() })
  return contender(
    `without ${name}`,
    async ({ image, lang }) => {
      const decoded = await decode(image, ampleLimits)
      const attempts = createAttempts({
        workspace,
        engine,
        engineOptions: { lang, tessdata, psm: 3, oem: 3 },
        enginePixels,
        lap: () => undefined,
        signal: never,
      })
      const left = leaveOut(attempts)
      const first = await left.asItIs(decoded)
      return textOf((await improve(first, left, enginePixels)).blocks)
    },
    async () => {
      await engine.close()
      rmSync(workDir, { recursive: true })
    },
  )
}
