import packageJson from '../../package.json' with { type: 'json' }
import { createAdmission } from '../platform/admission.ts'
import { run } from '../platform/lifecycle.ts'
import { createLog } from '../platform/log.ts'
import { listen } from '../platform/server.ts'
import { loadSettings } from '../platform/settings.ts'
import { createApp } from './app.ts'
import { createGrpc } from './grpc/services.ts'
import { createPredictor } from './predictor.ts'
import { describeError } from './protocol-error.ts'
import { createRecognition } from './recognition.ts'
import { selfTest } from './self-test.ts'
import { modelSettings } from './settings.ts'

await run(async (lifecycle) => {
  const settings = loadSettings(modelSettings, process.env)
  const log = createLog({ service: 'model', level: settings.logLevel })
  lifecycle.onStop(() => log.info('stopped'))

  const recognition = await createRecognition(settings, log, lifecycle.onStop)
  const { pipeline, size, engineMetadata } = recognition
  const protocol = {
    ...settings,
    log,
    lifecycle,
    predictor: createPredictor({ ...settings, lifecycle, pipeline, size }),
    admission: createAdmission({ limit: size + settings.queueLimit }),
    version: packageJson.version,
    engineMetadata,
  }
  const server = await listen({
    ...settings,
    fetch: createApp(protocol).fetch,
    intercept: createGrpc(protocol),
    describeError,
  })
  lifecycle.onStop(() => server.close(settings.shutdownGraceMs))
  lifecycle.onStop(() => log.info('stopping'))
  const { version } = engineMetadata
  const languages = Object.keys(engineMetadata.languages)
  log.info({ port: server.port, engine: settings.engine, size, version, languages }, 'listening')

  await selfTest(pipeline, size)
  lifecycle.markReady()
  log.info({ ms: Math.round(performance.now()) }, 'ready')
})
