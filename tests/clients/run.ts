import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { receipt } from '../documents/corpus.ts'
import { startModel } from '../e2e/services.ts'

/** Runs the Python clients' tests against a running model; the first argument is their Python. */
const [, , python = 'python3', ...args] = process.argv

const documents = mkdtempSync(join(tmpdir(), 'ocr-documents-'))
for (const seed of [1, 2, 3, 4]) {
  writeFileSync(join(documents, `${seed}.png`), await receipt(seed))
}
const model = await startModel()
try {
  const env = {
    ...process.env,
    MODEL_URL: model.url,
    DOCUMENTS: documents,
    PYTHONDONTWRITEBYTECODE: '1',
  }
  // A process each, since the clients' own messages have the same names.
  for (const file of globSync('tests/clients/test_*.py').sort()) {
    const options = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', file, ...args]
    const [code] = await once(spawn(python, options, { env, stdio: 'inherit' }), 'exit')
    if (code !== 0) process.exitCode = 1
  }
} finally {
  await model.stop()
  rmSync(documents, { recursive: true })
}
