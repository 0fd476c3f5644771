import type { ReceivedSpan } from '../e2e/otlp-receiver.ts'

/** Milliseconds that the clocks of two processes may be apart, and by which OpenTelemetry rounds a start. */
const clockMs = 2

/** The spans that a span is in, from the first one to itself, as `service name`. */
export function pathTo(span: ReceivedSpan, spans: readonly ReceivedSpan[]): string[] {
  const parent = parentOf(span, spans)
  return [...(parent ? pathTo(parent, spans) : []), `${span.service} ${span.name}`]
}

/**
 * What keeps spans from being one tree below a caller's span: a parent that is not there, or does not last as long as
 * its child.
 */
export const treeProblems = (spans: readonly ReceivedSpan[], callerSpanId: string): string[] =>
  spans.flatMap((span) => {
    if (span.parentSpanId === callerSpanId) return []
    const parent = parentOf(span, spans)
    if (!parent) return [`${span.name} has no parent`]
    const isWithin =
      span.start >= parent.start - clockMs &&
      span.end <= parent.end + clockMs &&
      span.start <= span.end
    return isWithin ? [] : [`${told(span)} is not within ${told(parent)}`]
  })

const parentOf = (span: ReceivedSpan, spans: readonly ReceivedSpan[]): ReceivedSpan | undefined =>
  spans.find(({ spanId }) => spanId === span.parentSpanId)

const told = ({ name, start, end }: ReceivedSpan): string => `${name} (${start}–${end})`
