import { createRoute, z } from '@hono/zod-openapi'
import { languagesSchema } from '../../../contract/answers.ts'
import { problemResponses } from '../problems.ts'

export const languagesRoute = createRoute({
  method: 'get',
  path: '/v1/languages',
  operationId: 'listLanguages',
  tags: ['OCR'],
  summary: 'List the languages that can be read',
  responses: {
    200: {
      description: 'The languages that are installed.',
      content: { 'application/json': { schema: languagesSchema } },
    },
    ...problemResponses([
      'unauthorized',
      'rate_limited',
      'overloaded',
      'internal',
      'bad_upstream',
      'model_unavailable',
      'not_ready',
      'deadline_exceeded',
    ]),
  },
})

const probe = (path: string, operationId: string, summary: string, status: string) =>
  createRoute({
    method: 'get',
    path,
    operationId,
    tags: ['Probes'],
    summary,
    security: [],
    responses: {
      200: {
        description: summary,
        content: { 'application/json': { schema: z.object({ status: z.literal(status) }) } },
      },
      ...problemResponses(['request_timeout', 'headers_too_large']),
    },
  })
export const livezRoute = probe('/livez', 'live', 'Whether the gateway lives', 'alive')
export const readyzRoute = probe('/readyz', 'ready', 'Whether the gateway takes requests', 'ready')
