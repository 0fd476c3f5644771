import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { requestNames } from '../../functions/contract/answer-request.ts'
import { errorKindHeader } from '../../functions/contract/errors.ts'
import { pathsAsImages } from '../documents/hostile-bodies.ts'
import { asText, fineValues, hostileValue } from '../documents/hostile-values.ts'
import { createRandom } from '../documents/random.ts'
import { renderText } from '../documents/render.ts'
import { inferJson } from '../services/requests.ts'
import { type Model, type Service, startGateway, startModel } from '../services/start.ts'
import { until } from '../services/until.ts'
import { type Canaries, setCanaries } from './canaries.ts'
import { otherThanOurs } from './our-programs.ts'
import { watchProcesses } from './process-watch.ts'

/** Requests, each with one random value. */
const count = Number(process.env['OCR_RANDOM_VALUES'] ?? 300)
const lanes = 4

/** Node's limit on headers is met before any of ours by a query that is longer. */
const maxQueryCharacters = 2_000

const small = async (): Promise<Buffer> =>
  await (await renderText('Hello', { size: 9, margin: 12 })).png().toBuffer()

const isOption = (name: string): name is keyof typeof fineValues => Object.hasOwn(fineValues, name)

describe('the canaries', () => {
  it('tell of a program that reads, writes, connects or starts others', async () => {
    await using canaries = await setCanaries()
    const { file, folder, origin } = canaries
    const rings = (alarm: RegExp) => until(() => canaries.alarms.find((one) => alarm.test(one)))
    // Plain tesseract reads what its stdin names.
    spawnSync('tesseract', ['-', '-'], { input: `${file}\n` })
    await rings(/page\.png was read/)
    spawnSync('tesseract', ['-', `${folder}/made-1`], { input: await small() })
    await rings(/has had made-1/)
    await fetch(origin).catch(() => undefined)
    await rings(/connection/)

    const shell = spawn('sh', ['-c', 'read line; sleep 0.2; :'])
    using watched = watchProcesses([shell.pid ?? 0])
    shell.stdin.end('\n')
    await once(shell, 'exit')
    assert.deepEqual(watched.seen, [{ name: 'sleep', args: ['sleep', '0.2'] }])
  })
})

describe(`${count} random values of options`, () => {
  let canaries: Canaries
  let model: Model
  let gateway: Service
  let image: Buffer
  before(async () => {
    canaries = await setCanaries()
    image = await small()
    const inside = (service: string) =>
      [
        ...['env', '-C', canaries.empty, process.execPath, '--import', import.meta.resolve('tsx')],
        join(process.cwd(), 'functions', service, 'main.ts'),
      ] as const
    model = await startModel({}, inside('model'))
    gateway = await startGateway(model, {}, inside('gateway'))
    const [workspace = ''] = model.workFiles().filter((name) => /^ocr-model-\d+-\w+$/.test(name))
    canaries.watch(model.workDir, () => false)
    canaries.watch(join(model.workDir, workspace), (name) => /^\d+\.(?:tif|pdf)$/.test(name))
  })
  after(async () => {
    await gateway.stop()
    await model.stop()
    await canaries[Symbol.asyncDispose]()
  })

  const post = (url: string, body: string | FormData, type?: string) =>
    fetch(url, { method: 'POST', body, ...(type && { headers: { 'content-type': type } }) })

  /** The ways in which an option comes. */
  const ways: ReadonlyArray<(option: string, value: unknown) => Promise<Response>> = [
    (option, value) => {
      const input = { name: 'image', datatype: 'BYTES', shape: [1], data: [base64()] }
      return post(
        model.inferUrl,
        JSON.stringify({ inputs: [input], parameters: { [option]: value } }),
      )
    },
    (option, value) => {
      const request = { instances: [{ b64: base64() }], parameters: { [option]: value } }
      return post(`${model.url}/v1/models/ocr-model:predict`, JSON.stringify(request))
    },
    (option, value) => {
      const query = new URLSearchParams({ [option]: asText(value).slice(0, maxQueryCharacters) })
      return post(`${gateway.url}/v1/ocr?${query}`, form('file'))
    },
    (option, value) => {
      const body = form('image_file')
      body.append(option, asText(value))
      return post(`${gateway.url}/gateway/ocr`, body)
    },
    (option, value) =>
      post(
        `${gateway.url}/v1/ocr`,
        JSON.stringify({ file: base64(), [option]: value }),
        'application/json',
      ),
  ]
  const base64 = () => image.toString('base64')
  const form = (field: string) => {
    const body = new FormData()
    body.append(field, new Blob([new Uint8Array(image)]), 'image.png')
    return body
  }

  /** Whether it was read; an answer is one or a refusal, and tells nothing of the file that must not be read. */
  async function isRead(response: Response, sent: string): Promise<boolean> {
    const answer = await response.text()
    assert.ok(!answer.includes(canaries.secret), sent)
    const { status, headers } = response
    const kind = headers.get(errorKindHeader) ?? JSON.parse(status === 200 ? '{}' : answer).code
    const isRefused = (status >= 400 && status < 500) || kind === 'not_supported'
    assert.ok(status === 200 || isRefused, `${status} ${kind} for ${sent}: ${answer}`)
    return status === 200
  }

  it('are refused, or harm nobody', async () => {
    const random = createRandom(7)
    let sent = 0
    let read = 0
    const lane = async () => {
      while (sent < count) {
        const option = requestNames[sent % requestNames.length] ?? ''
        const send = ways[Math.floor(sent / requestNames.length) % ways.length]
        assert.ok(isOption(option) && send)
        sent++
        const value = hostileValue(random, option, canaries)
        const told = `${option} ${JSON.stringify(value).slice(0, 200)}`
        if (await isRead(await send(option, value), told)) read++
      }
    }
    using watched = watchProcesses([model.pid, gateway.pid])
    await Promise.all(Array.from({ length: lanes }, lane))
    assert.ok(read > 0 && read < count, `${read} were read`)
    assert.ok(watched.seen.some(({ name }) => name === 'tesseract'))
    assert.deepEqual(otherThanOurs(watched.seen), [])
    assert.deepEqual(canaries.alarms, [])
  })

  it('are not a file or an address because an image is expected', async () => {
    using watched = watchProcesses([model.pid, gateway.pid])
    const bodies = pathsAsImages(canaries)
    assert.ok(bodies.length >= 20)
    for (const text of bodies) {
      image = Buffer.from(text)
      for (const send of ways) assert.equal(await isRead(await send('psm', 6), text), false)
      const raw = await post(`${gateway.url}/v1/ocr`, text, 'image/png')
      assert.equal(await isRead(raw, text), false)
    }
    image = await small()
    assert.deepEqual(otherThanOurs(watched.seen), [])
    assert.deepEqual(canaries.alarms, [])
  })

  it('leave the service able to read', async () => {
    assert.match(String((await inferJson(model, await small()))['text']), /^Hello/)
    assert.deepEqual(canaries.alarms, [])
  })
})
