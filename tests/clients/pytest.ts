import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { receipt } from '../documents/corpus.ts'

/**
 * Runs tests of the Python clients against a model.
 * @param files the test files; each runs in a process of its own, since the clients' own messages have
 *   the same names
 * @param args more for pytest
 * @returns the files that failed
 */
export async function runPytest(options: {
  readonly python: string
  readonly modelUrl: string
  /** For the tests of its API; left out where only the model's clients are run. */
  readonly gatewayUrl?: string
  readonly files: readonly string[]
  readonly args?: readonly string[]
}): Promise<string[]> {
  const { python, modelUrl, gatewayUrl = '', files, args = [] } = options
  const documents = mkdtempSync(join(tmpdir(), 'ocr-documents-'))
  try {
    for (const seed of [1, 2, 3, 4]) {
      writeFileSync(join(documents, `${seed}.png`), await receipt(seed))
    }
    const ours = {
      MODEL_URL: modelUrl,
      GATEWAY_URL: gatewayUrl,
      DOCUMENTS: documents,
      PYTHONDONTWRITEBYTECODE: '1',
    }
    const env = { ...process.env, ...ours }
    const failed: string[] = []
    for (const file of files) {
      const command = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', file, ...args]
      const [code] = await once(spawn(python, command, { env, stdio: 'inherit' }), 'exit')
      if (code !== 0) failed.push(file)
    }
    return failed
  } finally {
    rmSync(documents, { recursive: true })
  }
}
