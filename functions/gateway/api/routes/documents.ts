import { createRoute, z } from '@hono/zod-openapi'
import { answerFormats, formats } from '../../../contract/answer-formats.ts'
import { requestSchema } from '../../../contract/answer-request.ts'
import { answerSchemas, completeHeader, streamLineSchema } from '../../../contract/answers.ts'
import { recognizedDataSchema } from '../../../contract/events.ts'
import exampleRequest from '../../../contract/examples/ocr-request.json' with { type: 'json' }
import { problemKinds, problemResponses } from '../problems.ts'
import { resultsPath } from '../results.ts'
import { bytes, fileDescription, files } from './files.ts'

// Descriptions of the API; the schemas are those that check the requests.

const form = (fileField: string) => ({
  'multipart/form-data': {
    schema: requestSchema.extend({
      [fileField]: z.string().meta({ format: 'binary', description: fileDescription }),
    }),
  },
})
const requestBody = {
  required: true,
  description: 'The document in a form, as base64 in JSON, or as it is.',
  content: {
    ...form('file'),
    'application/json': {
      example: exampleRequest,
      schema: requestSchema.extend({
        file: z.string().meta({ contentEncoding: 'base64', description: fileDescription }),
      }),
    },
    ...files,
  },
}

const headers = z.object({
  'x-request-id': z.string().meta({ description: 'Of the request, or made for it; in the log.' }),
  'server-timing': z.string().optional().meta({
    description:
      'Milliseconds of each step, summed over pages that are read side by side; of all in `total`.',
  }),
  [completeHeader]: z.enum(['true', 'false']).optional().meta({
    description: 'Whether every page that was asked for has been read.',
  }),
  etag: z.string().optional().meta({
    description: 'The same for the same file, options, engine and format: for `If-None-Match`.',
  }),
})

const json = {
  'application/json': {
    schema: z.union([answerSchemas.words, answerSchemas.lines, answerSchemas.text]),
  },
}

const otherFormats = Object.fromEntries(
  formats
    .filter((format) => format !== 'json')
    .map((format) => {
      const { mediaTypes, meaning } = answerFormats[format]
      // OpenAPI 3.1 has no word for a sequence: the schema is that of each line.
      if (format === 'ndjson') return [mediaTypes[0], { schema: streamLineSchema }]
      const schema = format === 'pdf' ? bytes : ({ type: 'string' } as const)
      return [mediaTypes[0], { schema: { ...schema, description: meaning } }]
    }),
)

const documentRequest = {
  query: requestSchema,
  headers: z.object({
    'if-none-match': z.string().optional().meta({
      description: 'ETags of answers that are there; the same answer is not sent again.',
    }),
  }),
}

const laterSchema = z.object({ id: z.string(), status: z.literal('running') })
const later = {
  description: 'The result will be at `Location`, and is sent to the sink.',
  headers: z.object({
    location: z.string(),
    'retry-after': z.string().meta({ description: 'Seconds to wait before a look at it.' }),
  }),
  content: { 'application/json': { schema: laterSchema } },
}

const documentResponses = {
  202: { ...later, description: `With \`async\`: ${later.description}` },
  200: {
    description: 'The document that was read.',
    headers,
    content: { ...json, ...otherFormats },
  },
  304: {
    description: 'The answer is one that `If-None-Match` names.',
    headers: headers.pick({ etag: true }),
  },
  ...problemResponses(),
}

export const ocrRoute = createRoute({
  method: 'post',
  path: '/v1/ocr',
  operationId: 'recognize',
  tags: ['OCR'],
  summary: 'Read a document',
  description: `The answer is JSON unless \`format\` or the header \`Accept\` asks for another format. In NDJSON
each line is a \`StreamLine\`, and a page comes as soon as it is read. Options may be in the query, in fields of the
form or in the JSON.`,
  request: { ...documentRequest, body: requestBody },
  responses: documentResponses,
})

export const formRoute = createRoute({
  method: 'post',
  path: '/gateway/ocr',
  operationId: 'recognizeForm',
  tags: ['OCR'],
  summary: 'Read a document from the form of earlier versions',
  description: 'As `/v1/ocr`, with the file in `image_file`; JSON unless `format` says otherwise.',
  request: { ...documentRequest, body: { required: true, content: form('image_file') } },
  responses: documentResponses,
})

export const resultRoute = createRoute({
  method: 'get',
  path: `${resultsPath}/{id}`,
  operationId: 'getResult',
  tags: ['OCR'],
  summary: 'Get the result of a request that did not wait',
  description:
    'Results are kept for a while by the pod that has made them; behind several pods the sink is where they arrive for sure.',
  request: { params: z.object({ id: z.string() }) },
  responses: {
    200: {
      description: 'The document was read.',
      content: { 'application/json': { schema: recognizedDataSchema } },
    },
    202: later,
    ...problemResponses([...problemKinds, 'not_found']),
  },
})
