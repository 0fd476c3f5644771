import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Edge } from '../../platform/http.ts'
import { problemTable } from './problems.ts'

const introduction = `Reads images, TIFF and PDF: text, words with their boxes and confidence, hOCR, TSV, ALTO and
searchable PDF.

Errors are \`application/problem+json\` (RFC 9457) with one of these as \`code\`; \`requestId\` finds them in the log:

${problemTable}
`

/** The description of the API by OpenAPI 3.1, made when it is first asked for. */
export function createDescription(
  api: OpenAPIHono<Edge>,
  options: { version: string; needsKey: boolean },
): () => object {
  let document: object | undefined
  return () => {
    document ??= describe(api, options)
    return document
  }
}

function describe(
  { openAPIRegistry: registry, getOpenAPI31Document }: OpenAPIHono<Edge>,
  { version, needsKey }: { version: string; needsKey: boolean },
) {
  const security = needsKey ? [{ bearer: [] }, { apiKey: [] }] : []
  if (needsKey) {
    registry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' })
    registry.registerComponent('securitySchemes', 'apiKey', {
      type: 'apiKey',
      in: 'header',
      name: 'x-api-key',
    })
  }
  return getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'OCR',
      version,
      description: introduction,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: '/' }],
    security,
    tags: [
      { name: 'OCR', description: 'Reading documents.' },
      { name: 'Events', description: 'Documents and results as CloudEvents.' },
      { name: 'Probes', description: 'For whoever runs the service.' },
    ],
  })
}
