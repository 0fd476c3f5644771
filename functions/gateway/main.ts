import { join } from 'node:path'
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
import { createAccess } from './access/access.ts'
import { createApp } from './app.ts'
import { createClaimCheck } from './claim/claim-check.ts'
import { observeFetch } from './claim/observed-fetch.ts'
import { createEvents } from './events/events.ts'
import { createGatewayMeter, observeParts } from './meter.ts'
import { gatewayMetrics } from './metrics.ts'
import { createModelFacts } from './model-facts.ts'
import { describeError } from './problem.ts'
import { createRecognize } from './recognize.ts'
import { checkSettings, gatewaySettings } from './settings.ts'
import { createDeliveryObserver } from './sink/delivery-observer.ts'
import { createOutbox } from './sink/outbox.ts'
import { createSink } from './sink/sink.ts'
import { createInferenceClient } from './upstream/inference-client.ts'
import { observeClient } from './upstream/observed-client.ts'

await run(async (lifecycle) => {
  const settings = loadSettings(gatewaySettings, process.env)
  checkSettings(settings)
  const log = createLog({ service: 'gateway', level: settings.logLevel })
  lifecycle.onStop(() => log.info('stopped'))
  // One grace for all that is waited for in the end.
  let stopsAt = 0
  const graceLeftMs = () => Math.max(0, stopsAt - performance.now())

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
  const inferenceClient = observeClient(createInferenceClient({ ...settings, log }), observing)
  lifecycle.onStop(inferenceClient.close)

  const claimCheck = createClaimCheck(settings)
  lifecycle.onStop(claimCheck.close)
  const sink = settings.sinkUrl ? createSink(settings) : undefined
  lifecycle.onStop(() => sink?.close())
  const observe = createDeliveryObserver(observing)
  const outbox = sink && createOutbox({ sink, limit: settings.sinkQueue, log, observe })
  lifecycle.onStop(() => outbox?.drain(graceLeftMs()))
  const recognize = createRecognize({ ...settings, log, inferenceClient })
  const events = createEvents({
    ...settings,
    ...observing,
    log,
    recognize,
    fetchDocument: observeFetch(claimCheck.fetch, observing),
    reserve: outbox?.reserve,
    sendResult: sink && ((event, signal) => observe(event, (own) => sink.send(own, signal))),
  })

  const admission = createAdmission({ limit: settings.maxRequests })
  const receiving = createReceiving({ limitBytes: settings.uploadMemoryBytes })
  observeRoom(metrics.instruments, { admission, receiving })
  observeParts(metrics.instruments, { inferenceClient, outbox })
  const app = createApp({
    ...observing,
    log,
    observer: createRequestObserver({ log, meter: serverMeter, tracing }),
    lifecycle,
    access,
    admission,
    receiving,
    recognize,
    events,
    modelFacts: createModelFacts(inferenceClient),
    maxUploadBytes: settings.maxUploadBytes,
    requestTimeoutMs: settings.requestTimeoutMs,
    version,
    needsKey: settings.access === 'keys',
    // A bundle has it there, too.
    pageFolder: join(import.meta.dirname, 'web'),
    corsOrigins: settings.corsOrigins.split(',').filter(Boolean),
  })
  const server = await listen({ ...settings, fetch: app.fetch, describeError, meter: serverMeter })
  lifecycle.onStop(() => server.close(graceLeftMs()))
  lifecycle.onStop(() => {
    log.info('stopping')
    stopsAt = performance.now() + settings.shutdownGraceMs
  })
  lifecycle.markReady()
  serverMeter.reached('listening')
  serverMeter.reached('ready')
  log.info({ port: server.port, model: settings.inferUrl }, 'listening')
  await telemetry.serve()
})
