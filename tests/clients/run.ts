import { globSync } from 'node:fs'
import { freePort } from '../services/free-port.ts'
import { startGateway, startModel } from '../services/start.ts'
import { runPytest } from './pytest.ts'

/** Runs the Python clients' tests against a running model; the first argument is their Python. */
const [, , python = 'python3', ...args] = process.argv

// The tests start a store there; the gateway is told where it will be.
const s3Port = await freePort()
process.env['S3_PORT'] = String(s3Port)

// Room for all that one of the tests sends at once.
const model = await startModel({ OCR_QUEUE_LIMIT: '32' })
const gateway = await startGateway(model, {
  OCR_EVENTS: 'open',
  OCR_DATAREF_ORIGINS: 's3://documents',
  OCR_S3_PATH_STYLE: 'yes',
  AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${s3Port}`,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'key',
  AWS_SECRET_ACCESS_KEY: 'secret',
})
try {
  const files = globSync('tests/clients/test_*.py').sort()
  const failed = await runPytest({
    python,
    modelUrl: model.url,
    gatewayUrl: gateway.url,
    files,
    args,
  })
  if (failed.length > 0) process.exitCode = 1
} finally {
  await gateway.stop()
  await model.stop()
}
