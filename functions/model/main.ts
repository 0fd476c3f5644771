import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import packageJson from '../../package.json' with { type: 'json' }
import { createAdmission } from '../platform/admission.ts'
import { run } from '../platform/lifecycle.ts'
import { createLog } from '../platform/log.ts'
import { listen } from '../platform/server.ts'
import { loadSettings } from '../platform/settings.ts'
import { createApp } from './app.ts'
import { createOneshotEngine } from './engine/oneshot.ts'
import { createDetectOrientation } from './engine/orientation.ts'
import { findInstallation } from './engine/tessdata.ts'
import { createWarmEngine } from './engine/warm.ts'
import { createGrpc } from './grpc/services.ts'
import { restrictLoaders } from './image/loaders.ts'
import { createOcrPipeline } from './ocr-pipeline.ts'
import { createPageReader } from './page-reader.ts'
import { createPredictor } from './predictor.ts'
import { describeError } from './protocol-error.ts'
import { selfTest } from './self-test.ts'
import { engineProcesses, modelSettings } from './settings.ts'
import { createSlots } from './slots.ts'
import { createWorkspace } from './workspace.ts'

await run(async (lifecycle) => {
  const settings = loadSettings(modelSettings, process.env)
  const log = createLog({ service: 'model', level: settings.logLevel })
  lifecycle.onStop(() => log.info('stopped'))

  restrictLoaders()
  const workspace = await createWorkspace(settings.workDir)
  lifecycle.onStop(workspace.remove)
  const installation = await findInstallation({
    file: settings.tesseract,
    more: settings.tessdata,
    into: `${workspace.path}/tessdata`,
  })

  const languages = [...installation.languages.keys()]
  const size = engineProcesses(settings)
  const program = { file: settings.tesseract, tessdata: installation.tessdata }
  const engine =
    settings.engine === 'warm'
      ? createWarmEngine({ ...program, size, maxPages: settings.enginePages })
      : createOneshotEngine({ ...program, timeoutMs: settings.pageTimeoutMs })
  lifecycle.onStop(engine.close)

  const pageReader = createPageReader({
    ...settings,
    workspace,
    engine,
    detectOrientation: createDetectOrientation(program),
  })
  const pipeline = createOcrPipeline({
    log,
    rules: { ...settings, defaultLang: settings.lang, installation },
    slots: createSlots(size),
    workspace,
    pageReader,
    pdfFont: await readFile(join(installation.tessdata, 'pdf.ttf')),
    limits: settings,
  })
  const protocol = {
    ...settings,
    log,
    lifecycle,
    predictor: createPredictor({ ...settings, lifecycle, pipeline, lanes: size }),
    admission: createAdmission({ limit: size + settings.queueLimit }),
    version: packageJson.version,
    languages,
  }
  const server = await listen({
    ...settings,
    fetch: createApp(protocol).fetch,
    intercept: createGrpc(protocol),
    describeError,
  })
  lifecycle.onStop(() => server.close(settings.shutdownGraceMs))
  lifecycle.onStop(() => log.info('stopping'))
  const { version, tessdata } = installation
  log.info(
    { port: server.port, engine: settings.engine, size, version, tessdata, languages },
    'listening',
  )

  await selfTest(pipeline, size)
  lifecycle.markReady()
  log.info({ ms: Math.round(performance.now()) }, 'ready')
})
