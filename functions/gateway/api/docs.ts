import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Hono } from 'hono'
import { compress } from 'hono/compress'
import { OcrError } from '../../contract/errors.ts'
import type { Edge } from '../../platform/http.ts'

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
const assets: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
}

const folder = dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json')))

/** Swagger UI under /docs, without a request to anywhere else. */
export function addDocs(app: Hono<Edge>): void {
  app.use('/docs/*', compress())
  app.get('/docs', (c) => c.html(page))
  app.get('/docs/start.js', (c) =>
    c.body(start, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }),
  )
  app.get('/docs/:asset', async (c) => {
    const asset = c.req.param('asset')
    const contentType = Object.hasOwn(assets, asset) && assets[asset]
    if (!contentType) throw new OcrError('not_found', `There is no ${c.req.path} here.`)
    const headers = { 'Content-Type': contentType, 'Cache-Control': 'public, max-age=86400' }
    return c.body(new Uint8Array(await readFile(join(folder, asset))), 200, headers)
  })
}
