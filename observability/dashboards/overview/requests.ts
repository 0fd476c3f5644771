import { errorKinds, errorTable } from '../../../functions/contract/errors.ts'
import { formRoute, ocrRoute } from '../../../functions/gateway/api/routes/documents.ts'
import { eventsRoute } from '../../../functions/gateway/api/routes/events.ts'

/** Requests with a document, or with an event that has one; all else is answered at once. */
export const documents = {
  http_route: [ocrRoute, formRoute, eventsRoute].map(({ path }) => path),
}

/** Those that failed for a reason of ours, which may happen in the midst of an answer that began with 200. */
export const failed = {
  ...documents,
  error_type: errorKinds.filter((kind) => errorTable[kind].status >= 500 || kind === 'overloaded'),
}

/** Those that were read. */
export const read = {
  ...documents,
  http_response_status_code: { like: '2..' },
  error_type: '',
} as const
