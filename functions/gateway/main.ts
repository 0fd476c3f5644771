import packageJson from '../../package.json' with { type: 'json' }
import { createAdmission } from '../platform/admission.ts'
import { run } from '../platform/lifecycle.ts'
import { createLog } from '../platform/log.ts'
import { createReceiving } from '../platform/receiving.ts'
import { listen } from '../platform/server.ts'
import { loadSettings } from '../platform/settings.ts'
import { createAccess } from './access/access.ts'
import { createApp } from './app.ts'
import { createClaimCheck } from './claim/claim-check.ts'
import { createEvents } from './events/events.ts'
import { createModelFacts } from './model-facts.ts'
import { describeError } from './problem.ts'
import { createRecognize } from './recognize.ts'
import { checkSettings, gatewaySettings } from './settings.ts'
import { createOutbox } from './sink/outbox.ts'
import { createSink } from './sink/sink.ts'
import { createInferenceClient } from './upstream/inference-client.ts'

await run(async (lifecycle) => {
  const settings = loadSettings(gatewaySettings, process.env)
  checkSettings(settings)
  const log = createLog({ service: 'gateway', level: settings.logLevel })
  lifecycle.onStop(() => log.info('stopped'))
  // One grace for all that is waited for in the end.
  let stopsAt = 0
  const graceLeftMs = () => Math.max(0, stopsAt - performance.now())

  const access = await createAccess({ ...settings, log })
  lifecycle.onStop(access.close)
  const inferenceClient = createInferenceClient({ ...settings, log })
  lifecycle.onStop(inferenceClient.close)

  const claimCheck = createClaimCheck(settings)
  lifecycle.onStop(claimCheck.close)
  const sink = settings.sinkUrl ? createSink(settings) : undefined
  lifecycle.onStop(() => sink?.close())
  const outbox = sink && createOutbox({ sink, limit: settings.sinkQueue, log })
  lifecycle.onStop(() => outbox?.drain(graceLeftMs()))
  const recognize = createRecognize({ ...settings, log, inferenceClient })
  const events = createEvents({
    ...settings,
    log,
    recognize,
    fetchDocument: claimCheck.fetch,
    reserve: outbox?.reserve,
    sendResult: sink?.send,
  })

  const app = createApp({
    log,
    lifecycle,
    access,
    admission: createAdmission({ limit: settings.maxRequests }),
    receiving: createReceiving({ limitBytes: settings.uploadMemoryBytes }),
    recognize,
    events,
    modelFacts: createModelFacts(inferenceClient),
    maxUploadBytes: settings.maxUploadBytes,
    requestTimeoutMs: settings.requestTimeoutMs,
    version: packageJson.version,
    needsKey: settings.access === 'keys',
    corsOrigins: settings.corsOrigins.split(',').filter(Boolean),
  })
  const server = await listen({ ...settings, fetch: app.fetch, describeError })
  lifecycle.onStop(() => server.close(graceLeftMs()))
  lifecycle.onStop(() => {
    log.info('stopping')
    stopsAt = performance.now() + settings.shutdownGraceMs
  })
  lifecycle.markReady()
  log.info({ port: server.port, model: settings.inferUrl }, 'listening')
})
