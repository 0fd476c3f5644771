import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import { OcrError } from '../../contract/errors.ts'
import { decodeOcrRequest, encodeOcrResult, wantedOutputs } from '../../contract/ocr-tensors.ts'
import { inferenceHeaderLength, parseInferRequest } from '../../contract/v2.ts'
import type { Admission } from '../../platform/admission.ts'
import { discardBody, readBody } from '../../platform/body.ts'
import { createDeadline } from '../../platform/deadline.ts'
import type { Edge, EdgeContext } from '../../platform/http.ts'
import type { Lifecycle } from '../../platform/lifecycle.ts'
import type { OcrPipeline } from '../ocr-pipeline.ts'
import { modelMetadata, serverMetadata } from './metadata.ts'

export interface V2Options {
  readonly modelName: string
  readonly version: string
  readonly pipeline: OcrPipeline
  readonly admission: Admission
  readonly lifecycle: Pick<Lifecycle, 'isReady'>
  readonly maxBodyBytes: number
  readonly requestTimeoutMs: number
}

/** Open Inference Protocol v2 over HTTP (open_inference_rest.yaml). */
export function createV2Routes(options: V2Options): Hono<Edge> {
  const { modelName, lifecycle } = options
  const app = new Hono<Edge>()

  const requireModel = (c: EdgeContext) => {
    if (c.req.param('model') === modelName) return
    throw new OcrError('model_not_found', `The model served here is ${modelName}.`)
  }
  const requireReady = () => {
    if (lifecycle.isReady) return
    throw new OcrError('not_ready', 'The model is starting or stopping.', { retryAfterSeconds: 1 })
  }

  app.get('/', (c) => c.json(serverMetadata(options.version)))
  app.get('/health/live', (c) => c.json({ live: true }))
  app.get('/health/ready', (c) => {
    requireReady()
    return c.json({ ready: true })
  })
  app.get('/models/:model', (c) => {
    requireModel(c)
    return c.json(modelMetadata(modelName))
  })
  app.get('/models/:model/ready', (c) => {
    requireModel(c)
    requireReady()
    return c.json({ name: modelName, ready: true })
  })
  app.post('/models/:model/infer', async (c) => {
    requireModel(c)
    requireReady()
    return c.json(await infer(c.req.raw, options))
  })
  return app
}

async function infer(request: Request, options: V2Options) {
  const { pipeline, admission, maxBodyBytes, requestTimeoutMs, modelName } = options
  using _place = await admitted(admission, request)
  using deadline = createDeadline('The request', requestTimeoutMs, request.signal)
  const body = await readBody(request, maxBodyBytes)
  const headerLength = request.headers.get(inferenceHeaderLength) ?? undefined
  const inferRequest = parseInferRequest(body, headerLength)
  const outputs = wantedOutputs(inferRequest)
  const result = await pipeline.recognize(decodeOcrRequest(inferRequest), deadline.signal)
  return encodeOcrResult(result, { modelName, id: inferRequest.id ?? randomUUID(), outputs })
}

/** A place for the request. A refusal is told once the body has come, so that the answer arrives. */
async function admitted(admission: Admission, request: Request): Promise<Disposable> {
  try {
    return admission.admit()
  } catch (error) {
    await discardBody(request)
    throw error
  }
}
