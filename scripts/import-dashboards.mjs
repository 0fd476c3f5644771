import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

// Puts the dashboards into a Grafana, in place of those with the same uids: node scripts/import-dashboards.mjs.

const usage = `Usage: GRAFANA_URL=https://grafana.example.com GRAFANA_TOKEN=glsa_... node scripts/import-dashboards.mjs
GRAFANA_URL     where Grafana is, with the path below which it is served, if there is one
GRAFANA_TOKEN   token of a service account that may write dashboards; or user:password@ in the URL
GRAFANA_FOLDER  uid of the folder they go to (it is in the folder's URL); without it they are in none
`
const folder = fileURLToPath(new URL('../observability/dashboards/json', import.meta.url))
const timeoutMs = 15_000

/** @type {Readonly<Record<number, string>>} */
const hints = {
  401: 'see GRAFANA_TOKEN',
  403: 'the token needs the role Editor',
  404: 'see GRAFANA_URL and GRAFANA_FOLDER',
}

/** @typedef {{ url: URL, authorization: string, folderUid: string }} Grafana */

/**
 * Nothing if the URL is none, or the token can be none. Credentials are taken out of the URL, since it is printed.
 * @returns {Grafana | undefined}
 */
function grafanaIn({ GRAFANA_URL = '', GRAFANA_TOKEN = '', GRAFANA_FOLDER = '' }) {
  if (!/^https?:/i.test(GRAFANA_URL) || !URL.canParse(GRAFANA_URL)) return undefined
  if (/[^!-~]/.test(GRAFANA_TOKEN)) return undefined
  const given = new URL(GRAFANA_URL)
  const url = new URL(given.pathname.replace(/\/*$/, '/'), given.origin)
  const [user = '', password = ''] = [given.username, given.password].map(decoded)
  const basic = Buffer.from(`${user}:${password}`).toString('base64')
  const authorization = GRAFANA_TOKEN ? `Bearer ${GRAFANA_TOKEN}` : user ? `Basic ${basic}` : ''
  return { url, authorization, folderUid: GRAFANA_FOLDER }
}

/**
 * As it is if it is not encoded.
 * @param {string} text
 */
function decoded(text) {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/**
 * @param {string} file
 * @param {Grafana} grafana
 * @throws {Error} with what went wrong, on one line
 */
async function importFile(file, grafana) {
  const dashboard = JSON.parse(readFileSync(join(folder, file), 'utf8'))
  const { status, location, text } = await post(grafana, {
    dashboard: { ...dashboard, id: null },
    overwrite: true,
    ...(grafana.folderUid && { folderUid: grafana.folderUid }),
  })
  if (location) throw new Error(`${status}, Grafana is at ${location}`)
  const answer = parsed(text)
  if (status !== 200 || typeof answer?.url !== 'string') {
    const message = String(answer?.message ?? text).replace(/\s+/g, ' ')
    const hint = hints[status] ? `; ${hints[status]}` : ''
    throw new Error(`${status} ${message.slice(0, 200)}${hint}`)
  }
  process.stdout.write(`${dashboard.title}: ${new URL(answer.url, grafana.url)}\n`)
}

/**
 * @param {Grafana} grafana
 * @param {object} body
 */
async function post({ url, authorization }, body) {
  try {
    const answer = await fetch(new URL('api/dashboards/db', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
      body: JSON.stringify(body),
      // A POST that is redirected would arrive as a GET.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const { status, headers } = answer
    return { status, location: headers.get('location'), text: await answer.text() }
  } catch (error) {
    const { message, cause } = /** @type {Error} */ (error)
    throw new Error(`${url} cannot be reached: ${cause instanceof Error ? cause.message : message}`)
  }
}

/**
 * Nothing for what is no JSON: some proxy may have answered in Grafana's place.
 * @param {string} text
 */
function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isAsked = process.argv.length > 2
const grafana = isAsked ? undefined : grafanaIn(process.env)
if (grafana) {
  for (const file of readdirSync(folder).sort()) {
    await importFile(file, grafana).catch((error) => {
      process.stderr.write(`${file}: ${error.message}\n`)
      process.exitCode = 1
    })
  }
} else {
  process.stderr.write(usage)
  process.exitCode = isAsked ? 0 : 1
}
