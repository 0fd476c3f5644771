import assert from 'node:assert/strict'
import { connect } from 'node:http2'
import { callMethod } from '../../functions/model/fixtures/grpc.ts'
import { GRPCInferenceService } from '../../functions/model/grpc/generated/inference_pb.ts'
import { busyEngine } from '../services/progress.ts'
import { inferBinary, inferJson } from '../services/requests.ts'
import type { Model } from '../services/start.ts'
import { until } from '../services/until.ts'
import type { Documents } from './documents.ts'

/** Time for a page, as the model is to be set: a page that is stopped is given up after it. */
export const pageTimeoutMs = 4_000
/** Pages that an engine reads before it is replaced, as the model is to be set. */
export const enginePages = 20

/** The model's three protocols, by those who call it without the gateway. */
export async function callModel(model: Model, documents: Documents): Promise<void> {
  const receipt = Buffer.from(documents.receipt)
  await inferJson(model, receipt)
  await inferBinary(model, receipt)
  await assert.rejects(inferJson(model, Buffer.from(documents.damaged)), /422/)
  await predict(model, receipt)
  await inferByGrpc(model, receipt)
  await assert.rejects(inferByGrpc(model, Buffer.from(documents.damaged)), /3: /)
}

async function predict(model: Model, image: Buffer): Promise<void> {
  const body = JSON.stringify({ instances: [{ b64: image.toString('base64') }] })
  const answer = await fetch(`${model.url}/v1/models/ocr-model:predict`, { method: 'POST', body })
  assert.equal(answer.status, 200, await answer.text())
}

async function inferByGrpc(model: Model, image: Buffer): Promise<void> {
  const session = connect(model.url)
  try {
    await callMethod(session, GRPCInferenceService.method.modelInfer, {
      modelName: 'ocr-model',
      inputs: [
        { name: 'image', datatype: 'BYTES', shape: [1n], contents: { bytesContents: [image] } },
      ],
    })
  } finally {
    session.destroy()
  }
}

/** Requests that may wait for an engine, as the model is to be set. */
export const queueLimit = 8

/** What can befall an engine: it dies, hangs, is worn out, or has to make room for one with other options. */
export async function wearEngines(model: Model, documents: Documents): Promise<void> {
  const [receipt, dense] = [Buffer.from(documents.receipt), Buffer.from(documents.dense)]
  for (let count = 0; count <= 3 * enginePages; count++) await inferJson(model, receipt)
  for (const psm of [4, 6, 11]) await inferJson(model, receipt, { parameters: { psm } })

  // In quarantine afterwards. What is behind the end of a picture makes another document of it.
  const deadly = inferJson(model, Buffer.concat([dense, Buffer.of(0)]))
  deadly.catch(() => undefined)
  for (let deaths = 0; deaths < 2; deaths++) process.kill(await busyEngine(model), 'SIGKILL')
  await assert.rejects(deadly, /422: /)

  const hung = inferJson(model, dense)
  hung.catch(() => undefined)
  process.kill(await busyEngine(model), 'SIGSTOP')
  await assert.rejects(hung, /422: /)
  await until(() => model.engines().length === 2 || undefined)
}
