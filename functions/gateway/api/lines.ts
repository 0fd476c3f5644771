import { type ErrorKind, toOcrError } from '../../contract/errors.ts'
import type { EdgeContext } from '../../platform/http.ts'
import { type Log, logFailure } from '../../platform/log.ts'
import type { Wanted } from '../answer/negotiate.ts'
import { type StreamEnd, streamBody, streamLines } from '../answer/stream.ts'
import { problemOf } from '../problem.ts'
import type { Reading } from '../recognize.ts'

interface Lines {
  readonly reading: Reading
  readonly wanted: Wanted
  /** What the request holds, until its last line. */
  readonly held: DisposableStack
  readonly log: Log
  readonly signal: AbortSignal
}

/** What a request failed by whose lines ended in another way than by a last one. */
const failures: Readonly<Record<StreamEnd, ErrorKind | undefined>> = {
  whole: undefined,
  left: 'client_gone',
  broken: 'internal',
}

/**
 * Answers in NDJSON. What fails before the first line has a status of its own; what fails later is seen by the observer
 * of the request all the same, whose end is that of the lines.
 */
export async function answerInLines(c: EdgeContext, answer: Lines): Promise<Response> {
  const { reading, wanted, held, log, signal } = answer
  const first = await reading.next()
  const toProblem = (thrown: unknown) => {
    const error = toOcrError(thrown)
    c.set('errorKind', error.kind)
    logFailure(log, c.var.requestId, error)
    return problemOf(error, c.var.requestId)
  }
  const lines = streamLines({ first, reading, told: wanted, toProblem })
  const kept = held.move()
  const ending = Promise.withResolvers<void>()
  c.set('ending', ending.promise)
  const onEnd = (end: StreamEnd) => {
    kept.dispose()
    const failure = c.var.errorKind ?? failures[end]
    if (failure) c.set('errorKind', failure)
    ending.resolve()
  }
  return c.body(streamBody(lines, { signal, onEnd }), 200, { 'Content-Type': wanted.contentType })
}
