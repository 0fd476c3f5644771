import { Agent, request } from 'undici'
import { encodeOcrRequest } from '../../functions/contract/ocr-tensors.ts'
import { inferenceHeaderLength } from '../../functions/contract/v2-rest.ts'
import { startGateway, startModel } from '../../tests/e2e/services.ts'
import { median } from '../measure.ts'

const rounds = 600
const warmUp = 300

interface Answer {
  readonly url: string
  readonly headers: Record<string, string>
  readonly body: Buffer
}

/** What the gateway adds to the model's own time, in milliseconds; both are asked in turn. */
export async function gatewayOverhead(image: Buffer) {
  const model = await startModel()
  const gateway = await startGateway(model)
  const agent = new Agent()
  const ask = async ({ url, headers, body }: Answer): Promise<number> => {
    const start = performance.now()
    const answer = await request(url, { method: 'POST', headers, body, dispatcher: agent })
    const text = await answer.body.text()
    if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}: ${text}`)
    return performance.now() - start
  }
  const { parts, jsonLength } = encodeOcrRequest({ image, options: {} })
  const asked = {
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
      const ms = await ask(asked[name])
      if (round >= 0) times[name].push(ms)
    }
  }
  await agent.close()
  await gateway.stop()
  await model.stop()
  return { model: median(times.model), gateway: median(times.gateway) }
}
