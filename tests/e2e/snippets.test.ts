import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { pages, snippetsOf } from '../pages.ts'
import { type Model, type Service, startGateway, startModel } from '../services/start.ts'

const run = promisify(execFile)
// Those in Python are run by tests/clients/test_snippets.py, which has their packages.
const snippets = pages
  .flatMap(snippetsOf)
  .filter(({ language, expected }) => language === 'sh' && expected !== undefined)

/** What the pages have to show at least. */
const kinds = [
  'http://127.0.0.1:8001/v1/ocr',
  'http://127.0.0.1:8001/gateway/ocr',
  'http://127.0.0.1:8001/events',
  'http://127.0.0.1:8080/v2/models/ocr-model/infer',
  'http://127.0.0.1:8080/v1/models/ocr-model:predict',
  'buf curl',
  'npm run -s ocr',
  ...['text', 'hocr', 'tsv', 'alto', 'pdf', 'ndjson'],
]

describe('the snippets of the pages', () => {
  let folder: string
  let model: Model
  let gateway: Service

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ocr-snippets-'))
    model = await startModel()
    gateway = await startGateway(model, { OCR_EVENTS: 'open' })
  })
  after(async () => {
    await gateway.stop()
    await model.stop()
    rmSync(folder, { recursive: true })
  })

  for (const kind of kinds) {
    it(`show ${kind}`, () => assert.ok(snippets.some(({ code }) => code.includes(kind))))
  }

  for (const { page, line, code, expected = '' } of snippets) {
    it(`do what ${page}:${line} says`, async () => {
      const here = code
        .replaceAll('http://127.0.0.1:8001', gateway.url)
        .replaceAll('http://127.0.0.1:8080', model.url)
        .replaceAll('/tmp/', `${folder}/`)
      const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', here], {
        env: { ...process.env, OCR_URL: gateway.url },
        timeout: 60_000,
        killSignal: 'SIGKILL',
      })
      assert.ok(stdout.includes(expected), stdout)
    })
  }
})
