import { globSync } from 'node:fs'
import { startModel } from '../e2e/services.ts'
import { runPytest } from './pytest.ts'

/** Runs the Python clients' tests against a running model; the first argument is their Python. */
const [, , python = 'python3', ...args] = process.argv

const model = await startModel()
try {
  const files = globSync('tests/clients/test_*.py').sort()
  const failed = await runPytest({ python, modelUrl: model.url, files, args })
  if (failed.length > 0) process.exitCode = 1
} finally {
  await model.stop()
}
