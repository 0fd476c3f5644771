import { Agent } from 'undici'
import { encodeOcrRequest } from '../../functions/contract/ocr-tensors.ts'
import { inferenceHeaderLength } from '../../functions/contract/v2-rest.ts'
import { startGateway, startModel } from '../../tests/services/start.ts'
import { median } from '../measure.ts'
import { ask } from './ask.ts'

const rounds = 600
const warmUp = 300

/** What the gateway adds to the model's own time, in milliseconds; both are asked in turn. */
export async function gatewayOverhead(image: Buffer) {
  const model = await startModel()
  const gateway = await startGateway(model)
  const agent = new Agent()
  const { parts, jsonLength } = encodeOcrRequest({ image, options: {} })
  const questions = {
    model: {
      url: model.inferUrl,
      headers: { [inferenceHeaderLength]: String(jsonLength) },
      body: Buffer.concat(parts),
    },
    gateway: {
      url: `${gateway.url}/v1/ocr`,
      headers: { 'content-type': 'image/png' },
      body: image,
    },
  }
  const times = { model: [] as number[], gateway: [] as number[] }
  for (let round = -warmUp; round < rounds; round++) {
    for (const name of ['model', 'gateway'] as const) {
      const ms = await ask(questions[name], agent)
      if (round >= 0) times[name].push(ms)
    }
  }
  await agent.close()
  await gateway.stop()
  await model.stop()
  return { model: median(times.model), gateway: median(times.gateway) }
}
