import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { Hono } from 'hono'
import { toOcrError } from '../../contract/errors.ts'
import type { Edge } from '../../platform/http.ts'
import { addSecurityHeaders } from './browser.ts'
import { addPage } from './page.ts'

const script = 'page/main-0123456789ab.js'
const files: Readonly<Record<string, string | Buffer>> = {
  'index.html': '<!doctype html><title>page</title>',
  'index.html.br': 'brotli',
  'index.html.gz': gzipSync('<!doctype html><title>page</title>'),
  [script]: 'start()',
  'page/samples/letter.pdf': '%PDF-',
  'page/notes.txt': 'not served',
  'secret.html': 'not served',
}

function served(
  folder: string,
): (path: string, headers?: Record<string, string>) => Promise<Response> {
  const app = new Hono<Edge>()
  app.onError((error, c) => c.text(error.message, { status: toOcrError(error).status as 404 }))
  addSecurityHeaders(app)
  addPage(app, folder)
  return async (path, headers = {}) => app.request(path, { headers })
}

describe('the page', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ocr-page-'))
  let get: ReturnType<typeof served>
  before(() => {
    mkdirSync(join(folder, 'page/samples'), { recursive: true })
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
    get = served(folder)
  })
  after(() => rmSync(folder, { recursive: true }))

  it('is at /, and is asked for anew each time', async () => {
    const response = await get('/')
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8')
    assert.equal(response.headers.get('cache-control'), 'no-cache')
    assert.equal(await response.text(), files['index.html'])
  })

  it('may have nothing but what is its own', async () => {
    const policy = (await get('/')).headers.get('content-security-policy') ?? ''
    assert.deepEqual(policy.split('; '), [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' blob:",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ])
  })

  it('is not sent again to who has it', async () => {
    const tag = (await get('/')).headers.get('etag') ?? ''
    const response = await get('/', { 'if-none-match': tag })
    assert.equal(response.status, 304)
    assert.equal(await response.text(), '')
    assert.match(response.headers.get('content-security-policy') ?? '', /default-src/)
    assert.equal((await get('/', { 'if-none-match': '"other"' })).status, 200)
  })

  it('is compressed as its reader takes it, with a tag for each encoding', async () => {
    const tags = new Set<string | null>()
    for (const [accepted, encoding] of [
      ['gzip, deflate, br', 'br'],
      ['br;q=0, gzip', 'gzip'],
      ['deflate', null],
    ] as const) {
      const response = await get('/', { 'accept-encoding': accepted })
      assert.equal(response.headers.get('content-encoding'), encoding)
      assert.equal(response.headers.get('vary'), 'Accept-Encoding')
      tags.add(response.headers.get('etag'))
    }
    assert.equal(tags.size, 3)
  })

  it('has parts that are kept for ever where their name holds their hash', async () => {
    const response = await get(`/${script}`)
    assert.equal(response.headers.get('content-type'), 'text/javascript; charset=utf-8')
    assert.equal(response.headers.get('cache-control'), 'public, max-age=31536000, immutable')
    const sample = await get('/page/samples/letter.pdf')
    assert.equal(sample.headers.get('content-type'), 'application/pdf')
    assert.equal(sample.headers.get('cache-control'), 'no-cache')
  })

  for (const path of ['notes.txt', '..%2Fsecret.html', 'main-0123456789ab.js.br', '', 'toString']) {
    it(`has no part "${path}"`, async () => assert.equal((await get(`/page/${path}`)).status, 404))
  }

  it('serves what was there at the start', async () => {
    writeFileSync(join(folder, script), 'changed()')
    assert.equal(await (await get(`/${script}`)).text(), 'start()')
  })

  it('points to the description where it was not built', async () => {
    const response = await served(join(folder, 'none'))('/')
    assert.equal(response.status, 200)
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain/)
    assert.match(await response.text(), /\/docs/)
  })
})
