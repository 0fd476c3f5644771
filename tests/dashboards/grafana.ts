import type { ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'
import { startServer } from '../services/http-server.ts'

/** What is posted to have a dashboard imported. */
interface Import {
  readonly dashboard: { readonly uid: string; readonly title: string; readonly id: unknown }
  readonly overwrite: boolean
  readonly folderUid?: string
}

export interface Grafana {
  readonly host: string
  /** What was taken since they were last forgotten. */
  readonly imports: readonly Import[]
  forget(): void
  stop(): Promise<void>
}

export const token = 'glsa_right'
const basic = `Basic ${Buffer.from('admin:s3cret/').toString('base64')}`
const api = '/api/dashboards/db'

/** Answers below `/grafana` as Grafana's API for dashboards does, and elsewhere as what may stand in its place. */
export async function startGrafana(): Promise<Grafana> {
  const imports: Import[] = []
  const server = await startServer(async (request, response) => {
    const { url, method, headers } = request
    const wanted = (await json(request)) as Import
    const other = others[url ?? '']
    if (other) return other(response)
    if (url !== `/grafana${api}` || method !== 'POST') {
      return answer(response, 404, { message: 'Not found' })
    }
    if (headers.authorization !== `Bearer ${token}` && headers.authorization !== basic) {
      return answer(response, 401, { message: 'Invalid API key', statusCode: 401 })
    }
    const { uid } = wanted.dashboard
    if (wanted.folderUid === 'locked' && uid === 'ocr-engine') {
      const message = 'The dashboard has been changed by someone else'
      return answer(response, 412, { status: 'version-mismatch', message })
    }
    imports.push(wanted)
    return answer(response, 200, { status: 'success', uid, url: `/grafana/d/${uid}/name` })
  })
  return {
    host: new URL(server.origin).host,
    imports,
    forget: () => void imports.splice(0),
    stop: server.stop,
  }
}

const others: Readonly<Record<string, (response: ServerResponse) => void>> = {
  [`/moved${api}`]: (response) =>
    response.writeHead(301, { location: `https://elsewhere${api}` }).end(),
  [`/other${api}`]: (response) => response.end('welcome'),
  [`/proxy${api}`]: (response) => response.writeHead(502).end('<html>\n<h1>Bad gateway</h1>'),
}

const answer = (response: ServerResponse, status: number, body: object) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
