import { OcrError } from '../../contract/errors.ts'
import type { EdgeContext } from '../../platform/http.ts'
import type { Access } from '../access/access.ts'
import type { Events } from '../events/events.ts'
import { enter } from './enter.ts'

/** A result is for who has the key, and no cache in between. */
const unstored = { 'Cache-Control': 'no-store' }

export const resultsPath = '/v1/results'

/** Where a result will be, for a request that does not wait for it. */
export const answerLater = (c: EdgeContext, id: string): Response =>
  c.json({ id, status: 'running' }, 202, {
    ...unstored,
    Location: `${resultsPath}/${id}`,
    'Retry-After': '1',
  })

/** Answers with a result as long as it is remembered, and by the pod that has it. */
export function createResultsHandler(options: {
  access: Access
  events: Events
}): (c: EdgeContext) => Promise<Response> {
  const { access, events } = options
  return async (c) => {
    using visit = await enter(c, access)
    const id = c.req.param('id') ?? ''
    const found = events.deliveries.find(visit.key, id)
    if (!found) {
      const message =
        'This result is not known here. It was forgotten, or another pod has it; results are sent to the sink.'
      throw new OcrError('not_found', message)
    }
    if (found.state === 'running') return answerLater(c, id)
    const { event, error } = found.value
    if (error) throw error
    return c.body(event.data, 200, { ...unstored, 'Content-Type': 'application/json' })
  }
}
