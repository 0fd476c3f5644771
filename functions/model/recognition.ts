import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EngineMetadata } from '../contract/model-metadata.ts'
import type { Log } from '../platform/log.ts'
import { createSlots } from '../platform/slots.ts'
import { requirePoppler } from './document/pdf.ts'
import type { Engine } from './engine/engine.ts'
import { createOneshotEngine } from './engine/oneshot.ts'
import { createDetectOrientation } from './engine/orientation.ts'
import { findInstallation, type Installation } from './engine/tessdata.ts'
import { createWarmEngine } from './engine/warm.ts'
import { restrictLoaders } from './image/loaders.ts'
import { createOcrPipeline, type OcrPipeline } from './ocr-pipeline.ts'
import { createPageReader } from './page-reader.ts'
import { engineProcesses, type ModelSettings } from './settings.ts'
import { createWorkspace } from './workspace.ts'

/** All that reads documents, from the pipeline down to the engines. */
export interface Recognition {
  readonly pipeline: OcrPipeline
  /** Pages that are read at once. */
  readonly size: number
  readonly engineMetadata: EngineMetadata
}

/**
 * Puts the parts together.
 * @param onStop is given what ends them; the last is to be called first
 * @throws Error when a setting does not fit what is there
 */
export async function createRecognition(
  settings: ModelSettings,
  log: Log,
  onStop: (stop: () => Promise<void>) => void,
): Promise<Recognition> {
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
  const engine = createEngine(settings, size)
  onStop(engine.close)
  const detectOrientation = createDetectOrientation({
    file: settings.tesseract,
    tessdata: directory,
  })
  const pipeline = createOcrPipeline({
    log,
    rules: { ...settings, defaultLang: settings.lang, installation },
    slots: createSlots(size),
    workspace,
    pageReader: createPageReader({ ...settings, workspace, engine, detectOrientation }),
    pdfFont: await readFile(join(directory, 'pdf.ttf')),
    limits: settings,
  })
  return { pipeline, size, engineMetadata: describeEngine(installation, settings.lang) }
}

const createEngine = (settings: ModelSettings, size: number): Engine =>
  settings.engine === 'warm'
    ? createWarmEngine({ file: settings.tesseract, size, maxPages: settings.enginePages })
    : createOneshotEngine({ file: settings.tesseract, timeoutMs: settings.pageTimeoutMs })

const describeEngine = (
  { version, languages }: Installation,
  defaultLang: string,
): EngineMetadata => ({
  name: 'tesseract',
  version,
  default_lang: defaultLang,
  languages: Object.fromEntries([...languages].map(([name, data]) => [name, data.version])),
})
