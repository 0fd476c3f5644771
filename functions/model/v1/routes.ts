import { Hono } from 'hono'
import { OcrError } from '../../contract/errors.ts'
import type { Edge } from '../../platform/http.ts'
import { type IntakeOptions, withBody } from '../intake.ts'
import type { ModelService } from '../predictor.ts'
import { parsePredictRequest } from './instances.ts'

/** The V1 protocol of KServe, which is TensorFlow Serving's. */
export function createV1Routes(options: ModelService & IntakeOptions): Hono<Edge> {
  const { predictor, beginInference } = options
  const app = new Hono<Edge>()

  app.get('/models', (c) => c.json({ models: [predictor.modelName] }))
  app.get('/models/:model', (c) => {
    const name = c.req.param('model')
    predictor.requireModel(name)
    predictor.requireReady()
    return c.json({ name, ready: true })
  })
  app.post('/models/:call', (c) => {
    const [name, verb] = splitCall(c.req.param('call'))
    predictor.requireModel(name)
    if (verb !== 'predict') throw new OcrError('not_supported', 'The model can only :predict.')
    predictor.requireReady()
    return withBody(c.req.raw, options, {
      parse: (body) => ({
        inference: beginInference((facts) => c.set('facts', facts)),
        ...parsePredictRequest(body),
      }),
      work: async ({ inference, ...batch }, signal) => {
        const results = await inference.predict(batch, signal)
        const answer = c.json({ predictions: results.map(({ document }) => document) })
        inference.answered()
        return answer
      },
    })
  })
  return app
}

/** `ocr-model:predict` is a model and a verb; the name itself holds no colon. */
function splitCall(call: string): [name: string, verb: string] {
  const colon = call.lastIndexOf(':')
  return colon === -1 ? [call, ''] : [call.slice(0, colon), call.slice(colon + 1)]
}
