import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EngineMetadata } from '../contract/model-metadata.ts'
import type { Log } from '../platform/log.ts'
import { createSlots, type Slots } from '../platform/slots.ts'
import type { Tracing } from '../platform/telemetry/tracing.ts'
import { requirePoppler } from './document/pdf.ts'
import type { Engine } from './engine/engine.ts'
import { createOneshotEngine } from './engine/oneshot.ts'
import { createDetectOrientation } from './engine/orientation.ts'
import { findInstallation, type Installation } from './engine/tessdata.ts'
import { createWarmEngine } from './engine/warm.ts'
import { restrictLoaders } from './image/loaders.ts'
import type { ModelInstruments } from './metrics.ts'
import { createOcrPipeline, type OcrPipeline } from './ocr-pipeline.ts'
import { createPageReader } from './page-reader.ts'
import { selfTest } from './self-test.ts'
import { engineProcesses, type ModelSettings } from './settings.ts'
import { observeProcesses } from './telemetry/engine-processes.ts'
import { observeEngine } from './telemetry/observed-engine.ts'
import { createProc } from './telemetry/proc.ts'
import { createWorkObserver, noWorkObserver, type WorkObserver } from './telemetry/work-observer.ts'
import { createWorkspace } from './workspace.ts'

/** All that reads documents, from the pipeline down to the engines. */
export interface Recognition {
  readonly pipeline: OcrPipeline
  /** Pages that are read at once. */
  readonly size: number
  readonly engineMetadata: EngineMetadata
  /** @throws Error when a slot reads no text */
  selfTest(): Promise<void>
}

interface RecognitionOptions {
  readonly settings: ModelSettings
  readonly log: Log
  /** Is given what ends the parts; the last is to be called first. */
  readonly onStop: (stop: () => Promise<void>) => void
  readonly instruments: ModelInstruments
  readonly tracing: Tracing
}

/**
 * Puts the parts together.
 * @throws Error when a setting does not fit what is there
 */
export async function createRecognition(options: RecognitionOptions): Promise<Recognition> {
  const { settings, log, onStop, instruments, tracing } = options
  restrictLoaders()
  const workspace = await createWorkspace(settings.workDir)
  onStop(workspace.remove)
  const [installation] = await Promise.all([
    findInstallation({
      file: settings.tesseract,
      more: settings.tessdata,
      into: `${workspace.path}/tessdata`,
    }),
    requirePoppler(),
  ])
  const { directory } = installation

  const size = engineProcesses(settings)
  const slots = createSlots(size)
  observeSlots(instruments, slots, size)
  const engine = createEngine(settings, size, instruments)
  onStop(engine.close)
  const detectOrientation = createDetectOrientation({
    file: settings.tesseract,
    tessdata: directory,
  })
  const pdfFont = await readFile(join(directory, 'pdf.ttf'))
  const pipelineWith = (usedEngine: Engine, observer: WorkObserver) =>
    createOcrPipeline({
      log,
      observer,
      rules: { ...settings, defaultLang: settings.lang, installation },
      slots,
      workspace,
      pageReader: createPageReader({
        ...settings,
        workspace,
        engine: usedEngine,
        detectOrientation,
      }),
      pdfFont,
      limits: settings,
    })
  return {
    pipeline: pipelineWith(
      observeEngine(engine, instruments, tracing),
      createWorkObserver(instruments, tracing),
    ),
    size,
    engineMetadata: describeEngine(installation, settings.lang),
    // Nobody has asked for its pages, so they do not count.
    selfTest: () => selfTest(pipelineWith(engine, noWorkObserver), size),
  }
}

function createEngine(
  settings: ModelSettings,
  size: number,
  instruments: ModelInstruments,
): Engine {
  const { tesseract: file, enginePages: maxPages, pageTimeoutMs: timeoutMs } = settings
  // The time that programs take is counted even if none of them stays.
  const onStart = observeProcesses(instruments, createProc())
  return settings.engine === 'warm'
    ? createWarmEngine({ file, size, maxPages, onStart })
    : createOneshotEngine({ file, timeoutMs })
}

function observeSlots(
  { slotsBusy, slotsLimit }: Pick<ModelInstruments, 'slotsBusy' | 'slotsLimit'>,
  slots: Slots,
  size: number,
): void {
  slotsBusy.observe((tell) => tell(slots.busy))
  slotsLimit.observe((tell) => tell(size))
}

const describeEngine = (
  { version, languages }: Installation,
  defaultLang: string,
): EngineMetadata => ({
  name: 'tesseract',
  version,
  default_lang: defaultLang,
  languages: Object.fromEntries([...languages].map(([name, data]) => [name, data.version])),
})
