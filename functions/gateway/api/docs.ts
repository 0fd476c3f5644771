import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Hono } from 'hono'
import { etag } from 'hono/etag'
import { OcrError } from '../../contract/errors.ts'
import { compress } from '../../platform/compression.ts'
import type { Edge } from '../../platform/http.ts'
import { type Asset, sendAsset, tagOf } from './assets.ts'

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>OCR API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<div id="ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</html>
`

const start = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#ui', deepLinking: true, validatorUrl: null })
`

/** Of the package, which is the one thing here that is read from the disk. */
const contentTypes: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
}

const folder = dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json')))

/** Swagger UI under /docs, without a request to anywhere else. */
export function addDocs(app: Hono<Edge>): void {
  app.get('/docs', (c) => c.html(page))
  app.get('/docs/start.js', (c) =>
    c.body(start, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }),
  )
  /** Each is read, and compressed, when it is first asked for. */
  const assets = new Map<string, Promise<Asset>>()
  app.use('/docs/:asset', etag())
  app.get('/docs/:asset', async (c) => {
    const name = c.req.param('asset')
    const contentType = Object.hasOwn(contentTypes, name) && contentTypes[name]
    if (!contentType) throw new OcrError('not_found', `There is no ${c.req.path} here.`)
    const asset = assets.get(name) ?? readAsset(name, contentType)
    assets.set(name, asset)
    return sendAsset(c, await asset)
  })
}

async function readAsset(name: string, contentType: string): Promise<Asset> {
  const identity = await readFile(join(folder, name))
  const compressed = new Map([['gzip', await compress(identity, 'gzip')]])
  const cacheControl = 'public, max-age=86400'
  return { contentType, cacheControl, tag: tagOf(identity), identity, compressed }
}
