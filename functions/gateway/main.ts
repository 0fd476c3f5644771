import { join } from 'node:path'
import packageJson from '../../package.json' with { type: 'json' }
import { createAdmission } from '../platform/admission.ts'
import { createAnswerMemory } from '../platform/answer-memory.ts'
import { run } from '../platform/lifecycle.ts'
import { createLog } from '../platform/log.ts'
import { createReceiving } from '../platform/receiving.ts'
import { createRequestObserver } from '../platform/request-observer.ts'
import { listen } from '../platform/server.ts'
import { loadSettings } from '../platform/settings.ts'
import { createMetrics } from '../platform/telemetry/metrics.ts'
import { createServerMeter, observeRoom } from '../platform/telemetry/server-metrics.ts'
import { createTelemetry } from '../platform/telemetry/telemetry.ts'
import { createAccess } from './access/access.ts'
import { createApp } from './app.ts'
import { createEventing } from './eventing.ts'
import { createGatewayMeter, observeParts } from './meter.ts'
import { gatewayMetrics } from './metrics.ts'
import { createModelFacts } from './model-facts.ts'
import { describeError } from './problem.ts'
import { createRecognize } from './recognize.ts'
import { checkSettings, gatewaySettings } from './settings.ts'
import { createInferenceClient } from './upstream/inference-client.ts'
import { observeClient } from './upstream/observed-client.ts'

await run(async (lifecycle) => {
  const settings = loadSettings(gatewaySettings, process.env)
  checkSettings(settings)
  const log = createLog({ service: 'gateway', level: settings.logLevel })
  lifecycle.onStop(() => log.info('stopped'))

  const { version } = packageJson
  const metrics = createMetrics(gatewayMetrics)
  const telemetry = await createTelemetry({ ...settings, log, metrics, version })
  lifecycle.onStop(telemetry.close)
  const { tracing } = telemetry
  const serverMeter = createServerMeter(metrics.instruments, { version })
  const meter = createGatewayMeter(metrics.instruments)
  const observing = { ...meter, tracing }

  const access = await createAccess({ ...settings, log })
  lifecycle.onStop(access.close)
  const answers = createAnswerMemory({ limitBytes: settings.answerMemoryBytes })
  const inferenceClient = observeClient(
    createInferenceClient({ ...settings, log, answers }),
    observing,
  )
  lifecycle.onStop(inferenceClient.close)
  const recognize = createRecognize({ ...settings, log, inferenceClient })
  const { events, outbox } = createEventing({ settings, log, observing, recognize, lifecycle })

  const admission = createAdmission({ limit: settings.maxRequests })
  const receiving = createReceiving({ limitBytes: settings.uploadMemoryBytes })
  observeRoom(metrics.instruments, { admission, receiving })
  observeParts(metrics.instruments, { inferenceClient, answers, outbox })
  const app = createApp({
    ...settings,
    ...observing,
    log,
    observer: createRequestObserver({ log, meter: serverMeter, tracing }),
    lifecycle,
    access,
    admission,
    receiving,
    answers,
    recognize,
    events,
    modelFacts: createModelFacts(inferenceClient),
    version,
    needsKey: settings.access === 'keys',
    // A bundle has it there, too.
    pageFolder: join(import.meta.dirname, 'web'),
    corsOrigins: settings.corsOrigins.split(',').filter(Boolean),
  })
  const server = await listen({ ...settings, fetch: app.fetch, describeError, meter: serverMeter })
  lifecycle.onStop(() => server.close(lifecycle.graceLeftMs(settings.shutdownGraceMs)))
  lifecycle.onStop(() => log.info('stopping'))
  lifecycle.markReady()
  serverMeter.reached('listening')
  serverMeter.reached('ready')
  log.info({ port: server.port, model: settings.inferUrl }, 'listening')
  await telemetry.serve()
})
