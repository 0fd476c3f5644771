import type { Format } from '../../contract/answer-formats.ts'
import type { Languages } from '../../contract/answers.ts'
import { Failure, failureOf, failureOfProblem, toFailure } from './errors.ts'
import { type Options, paramsOf } from './options.ts'
import { type Line, readLines } from './stream.ts'

/** Who asks, and until when. */
export interface Asking {
  /** Empty where no key is needed. */
  readonly key: string
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal
}

/** Longer than a gateway may be set to work on a request. */
const maxWaitMs = 660_000

type Fetch = typeof fetch

/** The gateway that has served this page, by addresses relative to it. */
export interface Gateway {
  /**
   * The lines of a document as they are read; the last of them is its end.
   * @throws Failure; the reason of the signal when it is aborted
   */
  read(file: Blob, options: Options, asking: Asking): AsyncGenerator<Line, void>
  /** @throws as `read` */
  render(file: Blob, options: Options, format: Format, asking: Asking): Promise<Blob>
  /** @throws as `read` */
  languages(asking: Asking): Promise<Languages>
}

export function createGateway(fetchNow: Fetch = (...request) => fetch(...request)): Gateway {
  const send = async (path: string, init: RequestInit, { key, signal }: Asking) => {
    const headers = { ...init.headers, ...(key !== '' && { Authorization: `Bearer ${key}` }) }
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(maxWaitMs)])
    const response = await fetchNow(path, { ...init, headers, signal: bounded, cache: 'no-store' })
    if (!response.ok) throw await failureOf(response)
    return response
  }
  const post = (file: Blob, params: Array<[string, string]>, asking: Asking) =>
    send(
      `v1/ocr?${new URLSearchParams(params)}`,
      // Whatever the browser takes it for: its type is told from its bytes.
      { method: 'POST', body: file, headers: { 'Content-Type': 'application/octet-stream' } },
      asking,
    )

  return {
    async *read(file, options, asking) {
      try {
        const wanted: Array<[string, string]> = [
          ['format', 'ndjson'],
          ['pictures', 'true'],
        ]
        const { body } = await post(file, [...wanted, ...paramsOf(options)], asking)
        if (body) yield* untilEnd(readLines(body))
      } catch (error) {
        throw explained(error, asking)
      }
    },
    async render(file, options, format, asking) {
      try {
        const response = await post(file, [['format', format], ...paramsOf(options)], asking)
        return await response.blob()
      } catch (error) {
        throw explained(error, asking)
      }
    },
    async languages(asking) {
      try {
        return (await (await send('v1/languages', {}, asking)).json()) as Languages
      } catch (error) {
        throw explained(error, asking)
      }
    },
  }
}

const explained = (error: unknown, { signal }: Asking): unknown =>
  signal.aborted ? signal.reason : toFailure(error)

async function* untilEnd(lines: AsyncGenerator<Line, void>): AsyncGenerator<Line, void> {
  for await (const line of lines) {
    if (line.type === 'error') throw failureOfProblem(line.problem)
    yield line
    if (line.type === 'end') return
  }
  throw new Failure({
    title: 'The answer is not whole',
    detail: 'It ended before the document did. What had come by then is shown.',
  })
}
