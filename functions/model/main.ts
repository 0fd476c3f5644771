import packageJson from '../../package.json' with { type: 'json' }
import { createAdmission } from '../platform/admission.ts'
import { run } from '../platform/lifecycle.ts'
import { createLog } from '../platform/log.ts'
import { listen } from '../platform/server.ts'
import { loadSettings } from '../platform/settings.ts'
import { createApp } from './app.ts'
import { createOneshotEngine } from './engine/oneshot.ts'
import { findInstallation } from './engine/tessdata.ts'
import { createWarmEngine } from './engine/warm.ts'
import { createGrpc } from './grpc/services.ts'
import { restrictLoaders } from './image/loaders.ts'
import { createOcrPipeline } from './ocr-pipeline.ts'
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

  const size = engineProcesses(settings)
  const program = { file: settings.tesseract, tessdata: installation.tessdata }
  const engine =
    settings.engine === 'warm'
      ? createWarmEngine({ ...program, size, maxPages: settings.enginePages })
      : createOneshotEngine({ ...program, timeoutMs: settings.pageTimeoutMs })
  lifecycle.onStop(engine.close)

  const pipeline = createOcrPipeline({
    rules: { ...settings, defaultLang: settings.lang, languages: installation.languages },
    slots: createSlots(size),
    workspace,
    engine,
    engineVersion: installation.version,
    limits: settings,
  })
  const protocol = {
    ...settings,
    log,
    lifecycle,
    predictor: createPredictor({ ...settings, lifecycle, pipeline, lanes: size }),
    admission: createAdmission({ limit: size + settings.queueLimit }),
    version: packageJson.version,
    languages: installation.languages,
  }
  const server = await listen({
    ...settings,
    fetch: createApp(protocol).fetch,
    intercept: createGrpc(protocol),
    describeError,
  })
  lifecycle.onStop(() => server.close(settings.shutdownGraceMs))
  lifecycle.onStop(() => log.info('stopping'))
  log.info({ port: server.port, engine: settings.engine, size, ...installation }, 'listening')

  await selfTest(pipeline, size)
  lifecycle.markReady()
  log.info({ ms: Math.round(performance.now()) }, 'ready')
})
