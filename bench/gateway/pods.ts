import { execFileSync } from 'node:child_process'
import { request } from 'node:http'
import sharp from 'sharp'
import { tiffOf } from '../../tests/documents/containers.ts'
import { densePage } from '../../tests/documents/corpus.ts'
import { startServer } from '../../tests/services/http-server.ts'
import { childrenOf } from '../../tests/services/processes.ts'
import { type Model, startGateway, startModel } from '../../tests/services/start.ts'
import { median } from '../measure.ts'

const pageCount = 10
const rounds = 3

/** Seconds for a document of ten pages with one model and with two, each of them on a CPU of its own. */
export async function podTimes() {
  const models = [await startPinned(0), await startPinned(1)]
  const file = await tiffOf(
    await Promise.all(
      Array.from({ length: pageCount }, async (_, index) => sharp(await densePage(30 + index))),
    ),
  )
  const one = await startReader(models.slice(0, 1))
  const two = await startReader(models)
  try {
    await one.read(file)
    const texts = new Set<string>()
    const times = { one: [] as number[], two: [] as number[] }
    for (let round = 0; round < rounds; round++) {
      for (const [name, reader] of Object.entries({ one, two })) {
        const { text, seconds } = await reader.read(file)
        texts.add(text)
        times[name as keyof typeof times].push(seconds)
      }
    }
    if (texts.size !== 1) throw new Error('One model and two read different texts.')
    return { one: median(times.one), two: median(times.two) }
  } finally {
    await one.stop()
    await two.stop()
    for (const model of models) await model.stop()
  }
}

async function startPinned(cpu: number): Promise<Model> {
  // The document is not compressed.
  const room = String(64 * 2 ** 20)
  const limits = {
    OCR_MAX_IMAGE_BYTES: room,
    OCR_MAX_BODY_BYTES: room,
    OCR_UPLOAD_MEMORY_BYTES: String(2 ** 30),
    OCR_ENGINE_PROCESSES: '1',
  }
  const model = await startModel(limits)
  for (const pid of [model.pid, ...childrenOf(model.pid)]) {
    execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', String(cpu), String(pid)])
  }
  return model
}

/** A gateway before models that take turns. */
async function startReader(models: readonly Model[]) {
  const proxy = await startRoundRobin(models)
  const gateway = await startGateway(
    { inferUrl: proxy.inferUrl },
    { OCR_MAX_UPLOAD_BYTES: String(64 * 2 ** 20) },
  )
  return {
    async read(file: Buffer) {
      const start = performance.now()
      const body = new Uint8Array(file)
      const answer = await fetch(`${gateway.url}/v1/ocr?format=text`, { method: 'POST', body })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`The gateway answered ${answer.status}: ${text}`)
      return { text, seconds: (performance.now() - start) / 1000 }
    },
    async stop() {
      await gateway.stop()
      await proxy.stop()
    },
  }
}

/** Gives each request to the next model. */
async function startRoundRobin(models: readonly Model[]) {
  let next = 0
  const server = await startServer((incoming, outgoing) => {
    const { url } = models[next++ % models.length] ?? {}
    const { method = 'GET', headers } = incoming
    const onward = request(`${url}${incoming.url}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  const { pathname } = new URL(models[0]?.inferUrl ?? '')
  return {
    inferUrl: `${server.origin}${pathname}`,
    stop: server.stop,
  }
}
