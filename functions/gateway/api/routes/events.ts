import { createRoute, z } from '@hono/zod-openapi'
import { problemSchema } from '../../../contract/answers.ts'
import {
  eventSchemas,
  eventTypes,
  recognizedDataSchema,
  submittedDataSchema,
} from '../../../contract/events.ts'
import exampleEvent from '../../../contract/examples/submitted-event.json' with { type: 'json' }
import { problemResponses } from '../problems.ts'
import { files } from './files.ts'

const resultEvents = z.union([eventSchemas.recognized, eventSchemas.failed])

export const eventsRoute = createRoute({
  method: 'post',
  path: '/events',
  operationId: 'submitEvent',
  tags: ['Events'],
  summary: 'Read the document of a CloudEvent',
  description: `In binary mode the attributes are headers such as \`ce-id\`, and the body is the document or JSON. With
\`Prefer: reply\` the answer is an event of the same mode; otherwise it has no body.`,
  request: {
    headers: z.object({
      prefer: z.string().optional().meta({ description: '`reply` asks for the result.' }),
      'ce-specversion': z.string().optional(),
      'ce-type': z.string().optional(),
      'ce-source': z.string().optional(),
      'ce-id': z.string().optional(),
      'ce-subject': z.string().optional(),
      'ce-dataref': z.string().optional(),
    }),
    body: {
      required: true,
      description: 'An event in structured mode, or the data of one whose attributes are headers.',
      content: {
        'application/cloudevents+json': { schema: eventSchemas.submitted, example: exampleEvent },
        'application/json': { schema: submittedDataSchema },
        ...files,
      },
    },
  },
  responses: {
    200: {
      description: 'The result, which was asked for.',
      content: {
        'application/cloudevents+json': { schema: resultEvents },
        'application/json': { schema: z.union([recognizedDataSchema, problemSchema]) },
      },
    },
    202: {
      description:
        'The document was read. Nobody asked for the result; the sink has it, if there is one.',
    },
    ...problemResponses(),
  },
})

/** Events that are sent to the sink, as it sees them. */
export const webhooks = (['recognized', 'failed'] as const).map((name) => ({
  method: 'post' as const,
  path: name,
  operationId: `${name}Event`,
  tags: ['Events'],
  summary: `Take a result: ${eventTypes[name]}`,
  security: [],
  description:
    'The sink gets it in binary mode: attributes are headers such as `ce-id`, the body is the data.',
  request: {
    body: {
      content: {
        'application/json': { schema: eventSchemas[name].shape.data },
        'application/cloudevents+json': { schema: eventSchemas[name] },
      },
    },
  },
  responses: {
    '2XX': { description: 'The event was taken; after most other answers it is sent again.' },
  },
}))
