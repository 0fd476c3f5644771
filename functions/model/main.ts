import packageJson from '../../package.json' with { type: 'json' }
import { createAdmission } from '../platform/admission.ts'
import { run } from '../platform/lifecycle.ts'
import { createLog } from '../platform/log.ts'
import { createReceiving } from '../platform/receiving.ts'
import { createRequestObserver } from '../platform/request-observer.ts'
import { listen } from '../platform/server.ts'
import { loadSettings } from '../platform/settings.ts'
import { createMetrics } from '../platform/telemetry/metrics.ts'
import { createServerMeter, observeRoom } from '../platform/telemetry/server-metrics.ts'
import { createTelemetry } from '../platform/telemetry/telemetry.ts'
import { createApp, describeError } from './app.ts'
import { createGrpc } from './grpc/services.ts'
import { modelMetrics, putCallDuration } from './metrics.ts'
import { createPredictor } from './predictor.ts'
import { createRecognition } from './recognition.ts'
import { checkSettings, modelSettings } from './settings.ts'
import { createInferences } from './telemetry/inferences.ts'

await run(async (lifecycle) => {
  const settings = loadSettings(modelSettings, process.env)
  checkSettings(settings)
  const log = createLog({ service: 'model', level: settings.logLevel })
  lifecycle.onStop(() => log.info('stopped'))

  const { version } = packageJson
  const metrics = createMetrics(modelMetrics)
  const telemetry = await createTelemetry({ ...settings, log, metrics, version })
  lifecycle.onStop(telemetry.close)
  const { tracing } = telemetry
  const meter = createServerMeter(metrics.instruments, { version })
  const callMeter = meter.of(putCallDuration(metrics.instruments))

  const recognition = await createRecognition({
    settings,
    log,
    onStop: lifecycle.onStop,
    instruments: metrics.instruments,
    tracing,
  })
  const { pipeline, size, engineMetadata, health } = recognition
  const admission = createAdmission({ limit: size + settings.queueLimit, parallel: size })
  const receiving = createReceiving({ limitBytes: settings.uploadMemoryBytes })
  observeRoom(metrics.instruments, { admission, receiving })
  const predictor = createPredictor({ ...settings, lifecycle, health, pipeline, receiving, size })
  const protocol = {
    ...settings,
    log,
    lifecycle,
    predictor,
    beginInference: createInferences(predictor, metrics.instruments),
    admission,
    receiving,
    version,
    engineMetadata,
  }
  const server = await listen({
    ...settings,
    fetch: createApp({
      ...protocol,
      observer: createRequestObserver({ log, meter, tracing }),
    }).fetch,
    intercept: createGrpc({
      ...protocol,
      observer: createRequestObserver({ log, meter: callMeter, tracing }),
    }),
    describeError,
    meter,
  })
  lifecycle.onStop(() => server.close(lifecycle.graceLeftMs(settings.shutdownGraceMs)))
  lifecycle.onStop(() => log.info('stopping'))
  meter.reached('listening')
  const languages = Object.keys(engineMetadata.languages)
  log.info(
    {
      port: server.port,
      engine: settings.engine,
      size,
      version: engineMetadata.version,
      languages,
    },
    'listening',
  )

  await recognition.selfTest()
  lifecycle.markReady()
  meter.reached('ready')
  await telemetry.serve()
  log.info({ ms: Math.round(performance.now()) }, 'ready')
})
