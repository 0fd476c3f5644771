import { globSync } from 'node:fs'
import { startGateway, startModel } from '../e2e/services.ts'
import { runPytest } from './pytest.ts'

/** Runs the Python clients' tests against a running model; the first argument is their Python. */
const [, , python = 'python3', ...args] = process.argv

const model = await startModel()
const gateway = await startGateway(model)
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
