import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { tiffOf } from '../documents/containers.ts'
import { renderText } from '../documents/render.ts'
import { type Model, type Service, startGateway, startModel } from '../services/start.ts'

/** Words that only a request of ours holds, each in another place. */
const canaries = {
  text: 'Heliotrope',
  fileName: 'canary-file-name',
  fieldName: 'canary-field-name',
  fieldValue: 'canary-field-value',
  query: 'canary-query',
  header: 'canary-header',
  key: 'ocr_canary-key',
  wrongKey: 'ocr_canary-wrong-key',
  json: 'canary-json',
  path: 'canary-path',
}

describe('what both services log, whatever happens', () => {
  let folder: string
  let model: Model
  let gateway: Service
  let image: Buffer
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ocr-secrets-'))
    const keys = join(folder, 'keys')
    writeFileSync(keys, `someone ${createHash('sha256').update(canaries.key).digest('hex')}\n`)
    image = await (await renderText(`${canaries.text} blooms`)).png().toBuffer()
    model = await startModel({ OCR_LOG_LEVEL: 'debug', OCR_ENGINE_PROCESSES: '1' })
    gateway = await startGateway(model, {
      OCR_LOG_LEVEL: 'debug',
      OCR_ACCESS: 'keys',
      OCR_KEYS_FILE: keys,
    })
  })
  after(async () => {
    await gateway.stop()
    await model.stop()
    rmSync(folder, { recursive: true })
  })

  it('holds neither text nor names nor keys nor bytes of a request', async () => {
    const authorization = `Bearer ${canaries.key}`
    const ask = async (status: number, path: string, init: RequestInit = {}) => {
      const headers = { authorization, 'x-canary': canaries.header, ...init.headers }
      const answer = await fetch(`${gateway.url}${path}`, { method: 'POST', ...init, headers })
      assert.equal(answer.status, status, await answer.text())
    }
    const bytes = new Uint8Array(image)
    const base64 = image.toString('base64')
    const json = { 'content-type': 'application/json' }
    const form = (...fields: Array<[string, string]>) => {
      const body = new FormData()
      body.append('file', new Blob([bytes]), `${canaries.fileName}.png`)
      for (const [name, value] of fields) body.append(name, value)
      return { body }
    }

    await ask(200, '/v1/ocr?format=text', form(['allowlist', 'Heliotropbms']))
    await ask(200, '/v1/ocr', { body: JSON.stringify({ file: base64 }), headers: json })
    await ask(200, '/v1/ocr?format=ndjson', {
      body: new Uint8Array(
        await tiffOf([await renderText(canaries.text), await renderText('Two')], 1),
      ),
    })
    await ask(400, '/v1/ocr', form([canaries.fieldName, canaries.fieldValue]))
    await ask(400, '/v1/ocr', form(['lang', canaries.fieldValue]))
    await ask(400, `/v1/ocr?${canaries.query}=${canaries.query}`, { body: bytes })
    await ask(400, '/v1/ocr', { body: `{"file": "${canaries.json}`, headers: json })
    await ask(400, '/v1/ocr', { body: JSON.stringify({ file: `${base64}?` }), headers: json })
    await ask(422, '/v1/ocr', { body: bytes.slice(0, bytes.length / 2) })
    await ask(415, '/v1/ocr', { body: canaries.text })
    await ask(404, `/${canaries.path}`)
    await ask(401, '/v1/ocr', { headers: { authorization: `Bearer ${canaries.wrongKey}` } })

    const log = gateway.log() + model.log()
    for (const line of log.trim().split('\n')) JSON.parse(line)
    for (const [place, canary] of Object.entries(canaries)) {
      assert.ok(!log.includes(canary), place)
    }
    assert.ok(!log.includes(base64.slice(64, 96)))
    // The requests themselves are in it.
    assert.ok(log.split('"msg":"request"').length > 20)
  })
})
