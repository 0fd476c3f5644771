import type { Entry } from './ask.ts'

/** What became of requests, by what their sender saw and by what the services logged. */
export interface Audit {
  readonly requests: number
  /** Answered with 200. */
  readonly read: number
  readonly cut: number
  readonly unconnected: number
  /** Without an answer, or answered without a line in the log. */
  readonly lost: number
  /** With two lines in the log of the service that was asked, or read twice by the model behind it. */
  readonly duplicated: number
  /** Whose answer is not the one that was logged. */
  readonly differing: number
}

interface Line {
  readonly requestId: string
  readonly status: number
}

type Lines = ReadonlyMap<string, readonly number[]>

/**
 * Holds the ends of requests against the logs.
 * @param asked logs of the service that was asked; more of them if it was started again
 * @param model those of the model behind it; each of the requests is for one page
 */
export function audit(
  entries: readonly Entry[],
  asked: readonly string[],
  model: readonly string[] = [],
): Audit {
  const [answers, readings] = [statusesOf(asked), statusesOf(model)]
  const linesOf = ({ id }: Entry) => answers.get(id) ?? []
  const count = (is: (entry: Entry) => boolean) => entries.filter(is).length
  const isUnlogged = (entry: Entry) =>
    entry.end.outcome === 'answered' && linesOf(entry).length === 0
  const isReadTwice = ({ id }: Entry) =>
    (readings.get(id) ?? []).filter((status) => status === 200).length > 1
  return {
    requests: entries.length,
    read: count(({ end }) => end.outcome === 'answered' && end.status === 200),
    cut: count(({ end }) => end.outcome === 'cut'),
    unconnected: count(({ end }) => end.outcome === 'unconnected'),
    lost: count((entry) => entry.end.outcome === 'lost' || isUnlogged(entry)),
    duplicated: count((entry) => linesOf(entry).length > 1 || isReadTwice(entry)),
    differing: count((entry) => {
      const { end } = entry
      return end.outcome === 'answered' && linesOf(entry).some((status) => status !== end.status)
    }),
  }
}

/** The statuses in the lines of each request. */
function statusesOf(logs: readonly string[]): Lines {
  const lines = new Map<string, number[]>()
  for (const { requestId, status } of logs.flatMap(requestLines)) {
    const statuses = lines.get(requestId)
    if (statuses) statuses.push(status)
    else lines.set(requestId, [status])
  }
  return lines
}

const requestLines = (log: string): Line[] =>
  log
    .split('\n')
    .filter((line) => line.endsWith('"msg":"request"}'))
    .map((line) => JSON.parse(line) as Line)

/** How often each status was answered. */
export function statuses(entries: readonly Entry[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { end } of entries) {
    const name = end.outcome === 'answered' ? `status${end.status}` : end.outcome
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}
