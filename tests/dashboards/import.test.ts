import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, before, beforeEach, describe, it } from 'node:test'
import { dashboards } from '../../observability/dashboards/index.ts'
import { freePort } from '../services/free-port.ts'
import { type Grafana, startGrafana, token } from './grafana.ts'

let grafana: Grafana
let host: string
before(async () => {
  grafana = await startGrafana()
  host = grafana.host
})
beforeEach(() => grafana.forget())
after(() => grafana.stop())

/** A host and port where nothing listens. */
const nobody = async () => `127.0.0.1:${await freePort()}`

interface Run {
  readonly lines: readonly string[]
  readonly errors: readonly string[]
  readonly status: number | string | null | undefined
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '')

const importBy = (settings: Readonly<Record<string, string>>, ...args: string[]): Promise<Run> =>
  new Promise((resolve) => {
    const script = ['scripts/import-dashboards.mjs', ...args]
    execFile(process.execPath, script, { env: settings }, (error, stdout, stderr) =>
      resolve({ lines: linesOf(stdout), errors: linesOf(stderr), status: error ? error.code : 0 }),
    )
  })

describe('the import of the dashboards', () => {
  it('puts each in place of the one with its uid, and says where it is', async () => {
    const run = await importBy({ GRAFANA_URL: `http://${host}/grafana`, GRAFANA_TOKEN: token })
    assert.deepEqual([run.errors, run.status], [[], 0])
    assert.deepEqual(run.lines.toSorted(), [
      `OCR / Autoscaling: http://${host}/grafana/d/ocr-autoscaling/name`,
      `OCR / Engine and quality: http://${host}/grafana/d/ocr-engine/name`,
      `OCR / Overview: http://${host}/grafana/d/ocr-overview/name`,
    ])
    for (const { dashboard, overwrite, folderUid } of grafana.imports) {
      const { json } =
        dashboards.find(({ file }) => dashboard.uid === `ocr-${file.slice(0, -5)}`) ?? {}
      assert.deepEqual(dashboard, { ...json, id: null })
      assert.deepEqual([overwrite, folderUid], [true, undefined])
    }
    assert.equal(grafana.imports.length, dashboards.length)
  })

  it('takes user and password from the URL, and prints neither', async () => {
    const url = `http://admin:s3cret%2F@${host}/grafana/`
    const run = await importBy({ GRAFANA_URL: url })
    assert.equal(run.status, 0)
    assert.equal(grafana.imports.length, dashboards.length)
    assert.doesNotMatch(run.lines.join(), /s3cret|admin/)
    const failed = await importBy({ GRAFANA_URL: url.replace(host, await nobody()) })
    assert.match(failed.errors[0] ?? '', /cannot be reached/)
    assert.doesNotMatch(failed.errors.join(), /s3cret|admin/)
  })

  it('puts them into a folder', async () => {
    const settings = { GRAFANA_URL: `http://${host}/grafana`, GRAFANA_TOKEN: token }
    await importBy({ ...settings, GRAFANA_FOLDER: 'team' })
    assert.deepEqual([...new Set(grafana.imports.map(({ folderUid }) => folderUid))], ['team'])
  })

  it('goes on after one that is refused, and fails', async () => {
    const settings = { GRAFANA_URL: `http://${host}/grafana`, GRAFANA_TOKEN: token }
    const run = await importBy({ ...settings, GRAFANA_FOLDER: 'locked' })
    assert.deepEqual(run.errors, [
      'engine.json: 412 The dashboard has been changed by someone else',
    ])
    assert.deepEqual([run.lines.length, run.status], [dashboards.length - 1, 1])
  })

  for (const [condition, path, problem] of [
    ['the token is wrong', '/grafana', '401 Invalid API key; see GRAFANA_TOKEN'],
    ['the path is wrong', '', '404 Not found; see GRAFANA_URL and GRAFANA_FOLDER'],
    ['it is moved', '/moved', '301, Grafana is at https://elsewhere/api/dashboards/db'],
    ['a proxy answers', '/proxy', '502 <html> <h1>Bad gateway</h1>'],
    ['it is no Grafana', '/other', '200 welcome'],
  ] as const) {
    it(`says on one line for each what is wrong, if ${condition}`, async () => {
      const run = await importBy({ GRAFANA_URL: `http://${host}${path}`, GRAFANA_TOKEN: 'wrong' })
      assert.deepEqual(
        run.errors.toSorted(),
        dashboards.map(({ file }) => `${file}: ${problem}`).toSorted(),
      )
      assert.deepEqual([run.lines, run.status], [[], 1])
    })
  }

  it('says that nobody is there', async () => {
    const url = `http://${await nobody()}/`
    const run = await importBy({ GRAFANA_URL: url })
    const [first = ''] = run.errors
    assert.ok(first.startsWith(`autoscaling.json: ${url} cannot be reached: `), first)
    assert.match(first, /ECONNREFUSED/)
    assert.deepEqual([run.errors.length, run.status], [dashboards.length, 1])
  })

  for (const GRAFANA_URL of ['', 'grafana', 'ftp://grafana']) {
    it(`tells how it is called, if the URL is ${JSON.stringify(GRAFANA_URL)}`, async () => {
      const run = await importBy({ GRAFANA_URL })
      assert.match(run.errors[0] ?? '', /^Usage: GRAFANA_URL=/)
      assert.equal(run.status, 1)
    })
  }

  it('tells how it is called and not the token, if that can be none', async () => {
    const settings = { GRAFANA_URL: `http://${host}/grafana`, GRAFANA_TOKEN: 'two\nlines' }
    const run = await importBy(settings)
    assert.match(run.errors[0] ?? '', /^Usage: GRAFANA_URL=/)
    assert.doesNotMatch(run.errors.join(), /two/)
    assert.equal(run.status, 1)
  })

  it('takes a password with a % that is not encoded', async () => {
    const run = await importBy({ GRAFANA_URL: `http://admin:100%@${host}/grafana` })
    assert.match(run.errors[0] ?? '', /401 Invalid API key/)
  })

  it('tells how it is called, if it is asked', async () => {
    const run = await importBy({ GRAFANA_URL: `http://${host}/grafana` }, '--help')
    assert.match(run.errors[0] ?? '', /^Usage: GRAFANA_URL=/)
    assert.deepEqual([run.status, grafana.imports], [0, []])
  })
})
