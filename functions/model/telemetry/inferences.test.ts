import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { pino } from 'pino'
import { OcrError } from '../../contract/errors.ts'
import { callMethod, startProtocols } from '../fixtures/grpc.ts'
import { metered } from '../fixtures/metered.ts'
import { exampleImage, exampleResult, protocolOptions } from '../fixtures/protocol.ts'
import { GRPCInferenceService } from '../grpc/generated/inference_pb.ts'

type Change = Parameters<typeof protocolOptions>[0]

/** The protocols of the model, with their metrics and what the log tells of their requests. */
async function start(t: TestContext, change: Change = {}) {
  const { instruments, values } = metered()
  const lines: Array<Record<string, unknown>> = []
  const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) })
  const server = await startProtocols(protocolOptions({ ...change, instruments, log }))
  t.after(server.close)
  const post = (path: string, body: unknown) =>
    fetch(server.url + path, { method: 'POST', body: JSON.stringify(body) })
  const phases = async () => {
    const counts = ['preprocess', 'predict', 'postprocess'].map(
      async (phase) => (await values(`request_${phase}_seconds_count`))['ocr-model'] ?? 0,
    )
    return await Promise.all(counts)
  }
  const lastLine = () => lines.findLast(({ msg }) => msg === 'request')
  return { ...server, post, phases, values, lastLine }
}

const data = exampleImage.toString('base64')
const inV2 = (count: number, more = {}) => ({
  inputs: [{ name: 'image', datatype: 'BYTES', shape: [count], data: Array(count).fill(data) }],
  ...more,
})
const { timings, document } = exampleResult
const factsOf = (images: number) => ({
  images,
  pages: images * document.pages.length,
  words: images * document.quality.words,
  queueMs: images * timings.queueMs,
  decodeMs: images * timings.decodeMs,
  recognizeMs: images * timings.recognizeMs,
  parseMs: images * timings.parseMs,
})
/** Without what the platform tells of every request. */
function factsIn(line: Record<string, unknown> | undefined) {
  const { level, time, pid, hostname, requestId, method, route, status, ms, msg, ...facts } =
    line ?? {}
  return facts
}

describe('an inference request', () => {
  it('has its phases timed and its facts in the log, over v2', async (t) => {
    const { post, phases, lastLine } = await start(t)
    assert.equal((await post('/v2/models/ocr-model/infer', inV2(2))).status, 200)
    assert.deepEqual(await phases(), [1, 1, 1])
    assert.deepEqual(factsIn(lastLine()), factsOf(2))
  })

  it('has them over V1', async (t) => {
    const { post, phases, lastLine } = await start(t)
    const body = { instances: [{ b64: data }] }
    assert.equal((await post('/v1/models/ocr-model:predict', body)).status, 200)
    assert.deepEqual(await phases(), [1, 1, 1])
    assert.deepEqual(factsIn(lastLine()), factsOf(1))
  })

  it('has them over gRPC', async (t) => {
    const { session, phases, lastLine } = await start(t)
    await callMethod(session, GRPCInferenceService.method.modelInfer, {
      modelName: 'ocr-model',
      inputs: [
        {
          name: 'image',
          datatype: 'BYTES',
          shape: [1n],
          contents: { bytesContents: [exampleImage] },
        },
      ],
    })
    assert.deepEqual(await phases(), [1, 1, 1])
    assert.deepEqual(factsIn(lastLine()), factsOf(1))
  })

  it('tells of pages that were counted and not read', async (t) => {
    const { post, phases, lastLine } = await start(t, { countPages: async () => 7 })
    const outputs = [{ name: 'page_count' }]
    await post('/v2/models/ocr-model/infer', inV2(2, { outputs }))
    assert.deepEqual(await phases(), [1, 1, 1])
    assert.deepEqual(factsIn(lastLine()), { images: 2, countedPages: 14 })
  })

  it('has the work itself in none of the other phases', async (t) => {
    const { post, values } = await start(t, {
      async recognize() {
        await new Promise((resolve) => setTimeout(resolve, 100))
        return exampleResult
      },
    })
    await post('/v2/models/ocr-model/infer', inV2(1))
    const seconds = async (phase: string) =>
      (await values(`request_${phase}_seconds_sum`))['ocr-model'] ?? 0
    const predict = await seconds('predict')
    assert.ok(predict >= 0.099)
    assert.ok((await seconds('preprocess')) < predict)
    assert.ok((await seconds('postprocess')) < predict)
  })

  it('that fails has its time for the work counted, and no answer', async (t) => {
    const { post, phases, values, lastLine } = await start(t, {
      async recognize() {
        await new Promise((resolve) => setTimeout(resolve, 20))
        throw new OcrError('page_timeout', 'Over.')
      },
    })
    await post('/v2/models/ocr-model/infer', inV2(1))
    assert.deepEqual(await phases(), [1, 1, 0])
    assert.ok(((await values('request_predict_seconds_sum'))['ocr-model'] ?? 0) >= 0.019)
    assert.deepEqual(factsIn(lastLine()), { error: 'page_timeout', images: 1 })
  })

  it('that cannot be parsed has no phases', async (t) => {
    const { post, phases, lastLine } = await start(t)
    await post('/v2/models/ocr-model/infer', { inputs: [] })
    await post('/v1/models/ocr-model:predict', {})
    assert.deepEqual(await phases(), [0, 0, 0])
    assert.deepEqual(factsIn(lastLine()), { error: 'invalid_request' })
  })
})
