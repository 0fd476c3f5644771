import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { startServer } from '../services/http-server.ts'
import { familyOf, parseExposition } from './exposition.ts'

const folder = join(import.meta.dirname, 'recorded')

/** Metrics of Knative as they were recorded, served again. */
export interface RecordedMetrics {
  /** A URL for each recording, by the name of its file. */
  readonly urls: ReadonlyMap<string, string>
  close(): Promise<void>
}

/** Serves what was recorded; each time that a recording is fetched, its sums have grown by a tenth of it. */
export async function serveRecordedMetrics(): Promise<RecordedMetrics> {
  const recordings = new Map(
    globSync('*.prom', { cwd: folder }).map((file) => [
      `/${basename(file, '.prom')}`,
      { text: readFileSync(join(folder, file), 'utf8'), fetches: 0 },
    ]),
  )
  const server = await startServer((request, response) => {
    const recording = recordings.get(request.url ?? '')
    if (!recording) return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' })
    return response.end(grown(recording.text, 1 + recording.fetches++ / 10))
  })
  return {
    urls: new Map([...recordings.keys()].map((path) => [path.slice(1), `${server.origin}${path}`])),
    close: server.stop,
  }
}

/** The same metrics with counters and histograms so many times as large. */
function grown(text: string, times: number): string {
  const { types } = parseExposition(text)
  return text
    .split('\n')
    .map((line) => {
      const [, series = '', value = ''] = /^([^#].*) (\S+)$/.exec(line) ?? []
      const [name = ''] = series.split('{')
      const isSum = ['counter', 'histogram'].includes(types.get(familyOf(name, types)) ?? '')
      return isSum ? `${series} ${Number(value) * times}` : line
    })
    .join('\n')
}
