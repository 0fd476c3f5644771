import { Hono } from 'hono'
import { inputTensor } from '../../contract/ocr-tensors.ts'
import { type InferRequest, wantsBinary } from '../../contract/v2.ts'
import {
  encodeInferResponse,
  inferenceHeaderLength,
  parseInferRequest,
  parseRepositoryRequest,
} from '../../contract/v2-rest.ts'
import { readBody } from '../../platform/body.ts'
import type { Edge, EdgeContext } from '../../platform/http.ts'
import { type IntakeOptions, withBody } from '../intake.ts'
import type { BeginInference, Inference, ModelService } from '../predictor.ts'
import { infer, type Question, readQuestion } from './infer.ts'
import { modelMetadata, serverMetadata } from './metadata.ts'
import { loadModel, repositoryIndex, unloadModel } from './repository.ts'

/** Requests to the repository extension are short, and need no place. */
const maxRepositoryBytes = 64 * 1024

/** The Open Inference Protocol v2 over HTTP (open_inference_rest.yaml). */
export function createV2Routes(options: ModelService & IntakeOptions): Hono<Edge> {
  const { predictor, beginInference, version, engineMetadata } = options
  const app = new Hono<Edge>()

  const requireModel = (c: EdgeContext) =>
    predictor.requireModel(c.req.param('model'), c.req.param('version'))
  /** A path of the model, and the same with its version. */
  const ofModel = (path = '') => [
    `/models/:model${path}`,
    `/models/:model/versions/:version${path}`,
  ]

  app.get('/', (c) => c.json(serverMetadata(version)))
  app.get('/health/live', (c) => c.json({ live: true }))
  app.get('/health/ready', (c) => {
    predictor.requireReady()
    return c.json({ ready: true })
  })
  app.get('/models', (c) => c.json({ models: [predictor.modelName] }))
  app.on('GET', ofModel(), (c) => {
    requireModel(c)
    return c.json(modelMetadata(predictor.modelName, engineMetadata))
  })
  app.on('GET', ofModel('/ready'), (c) => {
    requireModel(c)
    predictor.requireReady()
    return c.json({ name: predictor.modelName, ready: true })
  })
  app.on('POST', ofModel('/infer'), (c) => {
    requireModel(c)
    predictor.requireReady()
    return withBody(c.req.raw, options, inferOverHttp(c, beginInference))
  })

  app.post('/repository/index', async (c) => {
    const { ready } = parseRepositoryRequest(await readBody(c.req.raw, maxRepositoryBytes))
    return c.json(repositoryIndex(predictor, ready))
  })
  app.post('/repository/models/:model/load', async (c) => {
    const name = c.req.param('model')
    const { parameters } = parseRepositoryRequest(await readBody(c.req.raw, maxRepositoryBytes))
    loadModel(predictor, name, parameters)
    return c.json({ name, load: true })
  })
  app.post('/repository/models/:model/unload', (c) => unloadModel(predictor, c.req.param('model')))
  return app
}

/** An inference request, its question, and its answer in the form that is wanted. */
const inferOverHttp = (c: EdgeContext, beginInference: BeginInference) => ({
  parse(body: Uint8Array) {
    const inference = beginInference((facts) => c.set('facts', facts))
    const request = parseInferRequest(body, c.req.header(inferenceHeaderLength), inputTensor)
    const { inputs: _, ...form } = request
    return { ...readQuestion(request), inference, form }
  },
  async work({ inference, form, ...question }: Asked, signal: AbortSignal): Promise<Response> {
    const response = await infer(question, inference, signal)
    const { headerLength, body } = encodeInferResponse(response, (output) =>
      wantsBinary(form, output),
    )
    inference.answered()
    if (headerLength === undefined) return c.body(body, 200, { 'Content-Type': 'application/json' })
    return c.body(body, 200, {
      'Content-Type': 'application/octet-stream',
      [inferenceHeaderLength]: String(headerLength),
    })
  },
})

interface Asked extends Question {
  readonly inference: Inference
  readonly form: Omit<InferRequest, 'inputs'>
}
