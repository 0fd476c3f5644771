import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join, sep } from 'node:path'
import type { Hono } from 'hono'
import { etag } from 'hono/etag'
import { OcrError } from '../../contract/errors.ts'
import type { Edge } from '../../platform/http.ts'
import { type Asset, sendAsset, tagOf } from './assets.ts'

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.pdf': 'application/pdf',
}

/** Encodings that scripts/build-page.mjs has made, the smallest first, and the ends of their files' names. */
const encodings = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const

const withoutPage = `An OCR service: POST a document to /v1/ocr. The API is described at /docs.
`

/**
 * The web page at / and its parts below /page, which nobody needs a key for.
 * @param folder that scripts/build-page.mjs has made; it is read here and never again
 */
export function addPage(app: Hono<Edge>, folder: string): void {
  const assets = readAssets(folder)
  const index = assets.get('/index.html')
  app.use('/', etag())
  app.get('/', (c) => (index ? sendAsset(c, index) : c.text(withoutPage)))
  app.use('/page/*', etag())
  app.get('/page/*', (c) => {
    const asset = assets.get(c.req.path)
    if (!asset) throw new OcrError('not_found', `There is no ${c.req.path} here.`)
    return sendAsset(c, asset)
  })
}

/** By the path under which each is served. */
function readAssets(folder: string): Map<string, Asset> {
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : []
  const served = names.filter((name) => Object.hasOwn(contentTypes, extname(name)))
  return new Map(
    served.map((name) => [`/${name.split(sep).join('/')}`, readAsset(join(folder, name))]),
  )
}

function readAsset(file: string): Asset {
  const identity = readFileSync(file)
  const compressed = new Map<string, Uint8Array>()
  for (const [encoding, ending] of encodings) {
    if (existsSync(file + ending)) compressed.set(encoding, readFileSync(file + ending))
  }
  // Named by their hash, such files never change.
  const isHashed = /-[0-9a-f]{12}\.\w+$/.test(file)
  return {
    contentType: contentTypes[extname(file)] ?? '',
    cacheControl: isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    tag: tagOf(identity),
    identity,
    compressed,
  }
}
