import { createAdmission } from '../platform/admission.ts'
import { run } from '../platform/lifecycle.ts'
import { createLog } from '../platform/log.ts'
import { listen } from '../platform/server.ts'
import { loadSettings } from '../platform/settings.ts'
import { createApp } from './app.ts'
import { createInferenceClient } from './inference-client.ts'
import { problemOf } from './problem.ts'
import { createRecognize } from './recognize.ts'
import { gatewaySettings } from './settings.ts'

await run(async (lifecycle) => {
  const settings = loadSettings(gatewaySettings, process.env)
  const log = createLog({ service: 'gateway', level: settings.logLevel })
  lifecycle.onStop(() => log.info('stopped'))

  const inferenceClient = createInferenceClient(settings)
  lifecycle.onStop(inferenceClient.close)

  const app = createApp({
    log,
    lifecycle,
    admission: createAdmission({ limit: settings.maxRequests }),
    recognize: createRecognize({ inferenceClient, modelTimeoutMs: settings.modelTimeoutMs }),
    maxUploadBytes: settings.maxUploadBytes,
  })
  const server = await listen({ ...settings, fetch: app.fetch, describeError: problemOf })
  lifecycle.onStop(() => server.close(settings.shutdownGraceMs))
  lifecycle.onStop(() => log.info('stopping'))
  lifecycle.markReady()
  log.info({ port: server.port, model: settings.inferUrl }, 'listening')
})
