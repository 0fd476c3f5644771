import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EngineMetadata } from '../contract/model-metadata.ts'
import type { Lifecycle } from '../platform/lifecycle.ts'
import type { Log } from '../platform/log.ts'
import { createSlots, type Slots } from '../platform/slots.ts'
import type { Tracing } from '../platform/telemetry/tracing.ts'
import { requirePoppler } from './document/pdf.ts'
import type { Engine } from './engine/engine.ts'
import { createEngineHealth, type EngineHealth } from './engine/health.ts'
import { kernelLimits } from './engine/limits.ts'
import { createOneshotEngine } from './engine/oneshot.ts'
import { createDetectOrientation } from './engine/orientation.ts'
import { findInstallation, type Installation } from './engine/tessdata.ts'
import { createWarmEngine, type WarmEngineOptions } from './engine/warm.ts'
import { restrictLoaders } from './image/loaders.ts'
import type { ModelInstruments } from './metrics.ts'
import { createOcrPipeline, type OcrPipeline } from './ocr-pipeline.ts'
import { createPageReader } from './page-reader.ts'
import { createProc } from './proc.ts'
import { createQuarantine, type Quarantine } from './quarantine.ts'
import { selfTest } from './self-test.ts'
import { engineLimits, type ModelSettings, slotCount } from './settings.ts'
import { observeProcesses } from './telemetry/engine-processes.ts'
import { observeEngine } from './telemetry/observed-engine.ts'
import { createWorkObserver, noWorkObserver, type WorkObserver } from './telemetry/work-observer.ts'
import { createWorkspace, type Workspace } from './workspace.ts'

/** All that reads documents, from the pipeline down to the engines. */
export interface Recognition {
  readonly pipeline: OcrPipeline
  /** Pages that are read at once. */
  readonly size: number
  readonly engineMetadata: EngineMetadata
  readonly health: Pick<EngineHealth, 'isHealthy'>
  /** @throws Error when a slot reads no text */
  selfTest(): Promise<void>
}

interface RecognitionOptions {
  readonly settings: ModelSettings
  readonly log: Log
  /** Is given what ends the parts; the last is to be called first. */
  readonly onStop: Lifecycle['onStop']
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

  const size = slotCount(settings)
  const slots = createSlots(size)
  observeSlots(instruments, slots, size)
  const health = createEngineHealth({
    check: () => selfTest(ownPipeline, 1),
    onChange: (cause) => tellChange(log, cause),
  })
  const engine = createEngine(settings, { size, instruments, onLoad: health.onLoad })
  onStop(engine.close)
  onStop(health.close)
  const pdfFont = await readFile(join(installation.directory, 'pdf.ttf'))
  const shared = { log, settings, installation, slots, workspace, pdfFont }
  const pipelineWith = (parts: PipelineParts) => createPipeline(shared, parts)
  // Nobody has asked for its pages, so they do not count, and are tried whatever came of the last.
  const ownPipeline = pipelineWith({
    engine,
    observer: noWorkObserver,
    quarantine: createQuarantine({ forMs: 0 }),
  })
  return {
    pipeline: pipelineWith({
      engine: observeEngine(engine, instruments, tracing),
      observer: createWorkObserver(instruments, tracing),
      quarantine: createQuarantine({ forMs: settings.quarantineMs }),
    }),
    size,
    engineMetadata: describeEngine(installation, settings.lang),
    health,
    selfTest: () => selfTest(ownPipeline, size),
  }
}

/** What all pipelines have in common. */
interface SharedParts {
  readonly log: Log
  readonly settings: ModelSettings
  readonly installation: Installation
  readonly slots: Slots
  readonly workspace: Workspace
  readonly pdfFont: Uint8Array
}

interface PipelineParts {
  readonly engine: Engine
  readonly observer: WorkObserver
  readonly quarantine: Quarantine
}

function createPipeline(
  { settings, installation, ...shared }: SharedParts,
  parts: PipelineParts,
): OcrPipeline {
  const { workspace } = shared
  const detectOrientation = createDetectOrientation({
    file: settings.tesseract,
    tessdata: installation.directory,
    limits: kernelLimits(engineLimits(settings)),
  })
  return createOcrPipeline({
    ...shared,
    ...parts,
    rules: { ...settings, defaultLang: settings.lang, installation },
    pageReader: createPageReader({ ...settings, ...parts, workspace, detectOrientation }),
    limits: settings,
  })
}

function tellChange(log: Log, cause: unknown): void {
  if (cause) log.error({ err: cause }, 'engines cannot be started')
  else log.info('engines can be started again')
}

interface EngineParts extends Pick<WarmEngineOptions, 'size' | 'onLoad'> {
  readonly instruments: ModelInstruments
}

function createEngine(settings: ModelSettings, parts: EngineParts): Engine {
  const { tesseract: file, pageTimeoutMs: timeoutMs } = settings
  const proc = createProc()
  // The time that programs take is counted even if none of them stays.
  const onStart = observeProcesses(parts.instruments, proc)
  const limits = engineLimits(settings)
  return settings.engine === 'warm'
    ? createWarmEngine({ ...parts, file, limits, proc, onStart })
    : createOneshotEngine({ file, timeoutMs, limits })
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
