import { z } from '@hono/zod-openapi'
import { problemSchema } from '../../contract/answers.ts'
import { type ErrorKind, errorKinds, errorTable } from '../../contract/errors.ts'

/** Kinds that no documented operation answers: they are about another path, or nobody is there to read them. */
const elsewhere: ReadonlySet<ErrorKind> = new Set([
  'not_found',
  'model_not_found',
  'method_not_allowed',
  'client_gone',
])

/** All that an operation may go wrong with. */
export const problemKinds = errorKinds.filter((kind) => !elsewhere.has(kind))

/** The same, as the responses of its description. */
export function problemResponses(kinds: readonly ErrorKind[] = problemKinds) {
  const byStatus = Map.groupBy(kinds, (kind) => errorTable[kind].status)
  const responses = [...byStatus].map(([status, those]) => [status, problemResponse(those)])
  return Object.fromEntries(responses) as Record<number, ReturnType<typeof problemResponse>>
}

function problemResponse(kinds: readonly ErrorKind[]) {
  const isRetryable = kinds.some((kind) => errorTable[kind].retryable)
  return {
    description: kinds.map((kind) => `\`${kind}\`: ${errorTable[kind].title}.`).join(' '),
    content: { 'application/problem+json': { schema: problemSchema } },
    ...(isRetryable && { headers: retryHeaders }),
  }
}

const retryHeaders = z.object({
  'retry-after': z.string().optional().meta({ description: 'Seconds to wait before a retry.' }),
})

/** Every code in words, for the head of the description. */
export const problemTable = [
  '| code | status | retry | meaning |',
  '| --- | --- | --- | --- |',
  ...errorKinds.map((kind) => {
    const { status, retryable, title } = errorTable[kind]
    return `| \`${kind}\` | ${status} | ${retryable ? 'yes' : 'no'} | ${title} |`
  }),
].join('\n')
