import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, describe, it, type TestContext } from 'node:test'
import { densePage, receipt } from '../documents/corpus.ts'
import { hasEnded, isRunning, processesWith } from '../services/processes.ts'
import { busyEngine } from '../services/progress.ts'
import { inferJson, upload } from '../services/requests.ts'
import { type Model, startGateway, startModel } from '../services/start.ts'
import { until } from '../services/until.ts'

/** Starts a model that is stopped, and found to have left nothing, when the test ends. */
async function modelFor(t: TestContext, settings: Record<string, string> = {}): Promise<Model> {
  const model = await startModel(settings)
  t.after(async () => {
    const engines = model.engines()
    if (isRunning(model.pid)) assert.equal(await model.stop(), 0)
    await until(() => !engines.some(isRunning) || undefined)
  })
  return model
}

const noWorkLeft = (model: Model) =>
  until(() => model.workFiles().every((name) => !name.endsWith('.tif')) || undefined)

describe('a fault', () => {
  let page: Buffer
  let small: Buffer
  before(async () => {
    page = await densePage()
    small = await receipt(1)
  })

  it('that kills an engine in the middle of a page is not noticed by the caller', async (t) => {
    const model = await modelFor(t, { OCR_ENGINE_PROCESSES: '1' })
    const expected = await inferJson(model, page)
    const answer = inferJson(model, page)
    process.kill(await busyEngine(model), 'SIGKILL')
    assert.deepEqual(await answer, expected)
    assert.equal(model.engines().length, 1)
  })

  it('that stops an engine ends at the deadline, and the next page is read', async (t) => {
    const settings = { OCR_ENGINE_PROCESSES: '1', OCR_PAGE_TIMEOUT_MS: '1500' }
    const model = await modelFor(t, settings)
    const [engine] = model.engines()
    assert.ok(engine)
    process.kill(engine, 'SIGSTOP')
    await assert.rejects(inferJson(model, small), /422: .*longer than 1.5 s/)
    assert.equal(isRunning(engine), false)
    await inferJson(model, small)
    await noWorkLeft(model)
  })

  it('of the client, that it goes away, ends the work on its page', async (t) => {
    const model = await modelFor(t, { OCR_ENGINE_PROCESSES: '1' })
    const gateway = await startGateway(model)
    t.after(() => gateway.stop())
    const controller = new AbortController()
    const answer = upload(gateway, page, { signal: controller.signal })
    const engine = await busyEngine(model)
    controller.abort()
    await assert.rejects(answer)
    await until(() => !isRunning(engine) || undefined)
    await until(() => /"error":"client_gone"/.test(model.log()) || undefined)
    assert.equal((await upload(gateway, small)).status, 200)
    await noWorkLeft(model)
  })

  it('of one image that kills every engine is answered once, and no engine gets it again', async (t) => {
    const model = await modelFor(t, { OCR_ENGINE_PROCESSES: '1' })
    const answer = inferJson(model, page)
    for (let deaths = 0; deaths < 2; deaths++) process.kill(await busyEngine(model), 'SIGKILL')
    await assert.rejects(answer, /422: .*failed twice on this image\./)
    await inferJson(model, small)
    const engines = model.engines()
    await assert.rejects(inferJson(model, page), /422: .*not tried again yet/)
    assert.deepEqual(model.engines(), engines)
  })

  it('of the model, that it is killed in the middle of a page, ends all engines with it', async (t) => {
    const model = await modelFor(t)
    const answer = inferJson(model, page)
    answer.catch(() => undefined)
    await busyEngine(model)
    const engines = model.engines()
    process.kill(model.pid, 'SIGKILL')
    await once(model.child, 'exit')
    // By itself the busy one would end with its page.
    const began = performance.now()
    await until(() => engines.every(hasEnded) || undefined)
    assert.ok(performance.now() - began < 500)
  })

  it('that lets no engine start makes the model not ready, until it has passed', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'faults-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const program = join(folder, 'tesseract')
    const install = () => symlinkSync('/usr/bin/tesseract', program)
    install()
    const model = await modelFor(t, { OCR_ENGINE_PROCESSES: '1', OCR_TESSERACT: program })
    const isReady = async () => (await fetch(`${model.url}/v2/health/ready`)).ok
    rmSync(program)
    for (const engine of model.engines()) process.kill(engine, 'SIGKILL')
    await until(async () => {
      await assert.rejects(inferJson(model, small), /503: .*be started/)
      return !(await isReady()) || undefined
    })
    await assert.rejects(inferJson(model, small), /503: .*tries it again/)
    assert.equal((await fetch(`${model.url}/v2/health/live`)).status, 200)
    install()
    await until(async () => (await isReady()) || undefined)
    await inferJson(model, small)
  })

  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    it(`of the model with the oneshot engine, ${signal} in mid-page, leaves none behind`, async () => {
      const model = await startModel({ OCR_ENGINE: 'oneshot', OCR_SHUTDOWN_GRACE_MS: '100' })
      const answer = inferJson(model, page)
      answer.catch(() => undefined)
      // The working file's path is among tesseract's arguments, and its parents'.
      const ofEngine = () => processesWith(`${model.workDir}/ocr-model-`)
      const engines = await until(() => (ofEngine().length > 1 ? ofEngine() : undefined))
      process.kill(model.pid, signal)
      await once(model.child, 'exit')
      await assert.rejects(answer)
      await until(() => !engines.some(isRunning) || undefined)
      assert.deepEqual(ofEngine(), [])
    })
  }
})

describe('SIGTERM under load', () => {
  it('lets the model answer what it admitted and leave neither process nor file', async () => {
    const model = await startModel({ OCR_ENGINE_PROCESSES: '1' })
    const images = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(receipt))
    const answers = images.map((image) => inferJson(model, image))
    await Promise.race(answers)
    const engines = model.engines()
    assert.equal(await model.stop(), 0)
    for (const { text } of await Promise.all(answers)) assert.match(String(text), /^Receipt/)
    assert.deepEqual(engines.filter(isRunning), [])
    assert.deepEqual(model.workFiles(), [])
  })

  it('lets the gateway answer what it admitted', async (t) => {
    const model = await modelFor(t)
    const gateway = await startGateway(model)
    const images = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(receipt))
    const answers = images.map((image) => upload(gateway, image))
    await Promise.race(answers)
    assert.equal(await gateway.stop(), 0)
    for (const { status } of await Promise.all(answers)) assert.equal(status, 200)
  })

  it('cuts work off that outlasts the grace', async () => {
    const model = await startModel({ OCR_SHUTDOWN_GRACE_MS: '200' })
    const answer = inferJson(model, await densePage())
    answer.catch(() => undefined)
    const engine = await busyEngine(model)
    assert.equal(await model.stop(), 0)
    await assert.rejects(answer)
    assert.equal(isRunning(engine), false)
  })
})

describe('a service that cannot start', () => {
  it('says which setting is wrong', async () => {
    await assert.rejects(startModel({ OCR_ENGINE: 'hot' }), /OCR_ENGINE is "hot".*warm, oneshot/s)
  })

  it('says that there is no tesseract', async () => {
    await assert.rejects(startModel({ OCR_TESSERACT: '/nonexistent' }), /nonexistent/)
  })
})
