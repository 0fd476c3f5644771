import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { answering, inTurn, recordingServer, reset } from '../../../tests/services/http-server.ts'
import { OcrError } from '../../contract/errors.ts'
import exampleRequest from '../../contract/examples/infer-request.json' with { type: 'json' }
import exampleResponse from '../../contract/examples/infer-response.json' with { type: 'json' }
import { decodeOcrResult } from '../../contract/ocr-tensors.ts'
import { aCall, clientOf, exampleAnswer, ocrRequest } from './fixtures/fake-model.ts'

const exampleBody = Buffer.from(JSON.stringify(exampleResponse))
const exampleResult = decodeOcrResult(exampleBody, undefined)
const unavailable = { kind: 'model_unavailable' }

describe('the inference client', () => {
  it('sends the example request of the contract and reads the example response', async (t) => {
    const model = await recordingServer(t, exampleAnswer)
    const headers = { 'x-request-id': 'r1' }
    const result = await clientOf(t, model.origin).recognize(ocrRequest, aCall({ headers }))
    assert.deepEqual(result, exampleResult)
    const [{ request, body }] = model.received as [(typeof model.received)[0]]
    assert.equal(request.method, 'POST')
    assert.equal(request.url, '/v2/models/ocr-model/infer')
    assert.equal(body.toString('base64'), exampleRequest.body)
    assert.partialDeepStrictEqual(request.headers, { ...exampleRequest.headers, ...headers })
  })

  it('reads a document and a PDF that follow the JSON as tensors', async (t) => {
    const elements = [JSON.stringify(exampleResult.document), '%PDF-1.7 ...'].map((text) => {
      const bytes = Buffer.from(text)
      const prefix = Buffer.alloc(4)
      prefix.writeUInt32LE(bytes.length)
      return Buffer.concat([prefix, bytes])
    })
    const outputs = elements.map(({ length }, index) => ({
      name: ['document', 'pdf'][index],
      datatype: 'BYTES',
      shape: [1],
      parameters: { binary_data_size: length },
    }))
    const json = JSON.stringify({ ...exampleResponse, outputs })
    const model = await recordingServer(t, (_, response) => {
      response.setHeader('inference-header-content-length', json.length)
      response.end(Buffer.concat([Buffer.from(json), ...elements]))
    })
    const client = clientOf(t, model.origin)
    const { document, pdf } = await client.recognize({ ...ocrRequest, withPdf: true }, aCall())
    assert.deepEqual(document, exampleResult.document)
    assert.equal(String(Buffer.from(pdf ?? [])), '%PDF-1.7 ...')
  })

  it('asks for the number of pages', async (t) => {
    const output = { name: 'page_count', datatype: 'INT32', shape: [1], data: [37] }
    const body = JSON.stringify({ ...exampleResponse, outputs: [output] })
    const model = await recordingServer(t, answering(200, body))
    assert.equal(await clientOf(t, model.origin).countPages(ocrRequest, aCall()), 37)
    assert.match(String(model.received[0]?.body), /"outputs":\[\{"name":"page_count"/)
  })

  it('asks for the metadata at the URL of the model', async (t) => {
    const engine = { name: 'tesseract', version: '5.3.0', default_lang: 'eng' }
    const metadata = { engine: { ...engine, languages: { eng: '4.1.0' } } }
    const model = await recordingServer(
      t,
      answering(200, JSON.stringify({ name: 'm', ...metadata })),
    )
    assert.deepEqual(await clientOf(t, model.origin).metadata(aCall()), metadata)
    const { method, url } = model.received[0]?.request ?? {}
    assert.deepEqual({ method, url }, { method: 'GET', url: '/v2/models/ocr-model' })
  })

  it('takes metadata that is no JSON for an answer that is none', async (t) => {
    const model = await recordingServer(t, answering(200, '<html>'))
    await assert.rejects(clientOf(t, model.origin).metadata(aCall()), { kind: 'bad_upstream' })
  })

  it('passes on an error of the model with its kind, message and time to retry', async (t) => {
    const headers = { 'ocr-error-kind': 'overloaded', 'retry-after': '7' }
    const model = await recordingServer(t, answering(429, '{"error":"Busy."}', headers))
    await assert.rejects(clientOf(t, model.origin).recognize(ocrRequest, aCall()), {
      kind: 'overloaded',
      message: 'Busy.',
      retryAfterSeconds: 7,
    })
    assert.equal(model.received.length, 1)
  })

  it('does not blame the caller for a wrong URL', async (t) => {
    const headers = { 'ocr-error-kind': 'model_not_found' }
    const model = await recordingServer(t, answering(404, '{"error":"No such path."}', headers))
    const call = clientOf(t, model.origin).recognize(ocrRequest, aCall())
    await assert.rejects(call, { kind: 'bad_upstream' })
  })

  for (const [name, status, body, kind, requests] of [
    ['plain text of a proxy with 503', 503, 'pending request queue full', 'model_unavailable', 2],
    ['plain text of a proxy with 504', 504, 'request timeout', 'deadline_exceeded', 1],
    ['a 429 of a proxy', 429, 'slow down', 'overloaded', 1],
    ['a 502 of an ingress', 502, 'bad gateway', 'bad_upstream', 1],
    ['a 404 of another service', 404, 'default backend', 'bad_upstream', 1],
    ['200 without JSON', 200, '<html>', 'bad_upstream', 1],
    ['200 without a document', 200, '{"model_name":"m","outputs":[]}', 'bad_upstream', 1],
  ] as const) {
    it(`takes ${name} for ${kind}`, async (t) => {
      const model = await recordingServer(t, answering(status, body, { 'retry-after': '7' }))
      const call = clientOf(t, model.origin).recognize(ocrRequest, aCall())
      await assert.rejects(call, (error) => {
        assert.ok(error instanceof OcrError)
        assert.equal(error.kind, kind)
        if (kind === 'model_unavailable') assert.equal(error.retryAfterSeconds, 7)
        return true
      })
      assert.equal(model.received.length, requests)
    })
  }
})

describe('the inference client, retrying', () => {
  it('asks a second time after a 503, and no third time', async (t) => {
    const model = await recordingServer(t, inTurn(answering(503, 'no'), exampleAnswer))
    const result = await clientOf(t, model.origin).recognize(ocrRequest, aCall())
    assert.deepEqual(result, exampleResult)
    assert.equal(model.received.length, 2)
    assert.deepEqual(model.received[0]?.body, model.received[1]?.body)
  })

  it('sends a large image whole the second time as well', async (t) => {
    const image = Buffer.alloc(3 * 2 ** 20, 1)
    const model = await recordingServer(t, inTurn(answering(503, 'no'), exampleAnswer))
    await clientOf(t, model.origin).recognize({ ...ocrRequest, image }, aCall())
    assert.deepEqual(model.received[0]?.body, model.received[1]?.body)
  })

  it('asks once more when a kept connection is reset, and only once', async (t) => {
    const model = await recordingServer(
      t,
      inTurn(exampleAnswer, reset, exampleAnswer, reset, reset),
    )
    const client = clientOf(t, model.origin, { modelConnections: 1 })
    await client.recognize(ocrRequest, aCall())
    await client.recognize(ocrRequest, aCall())
    assert.equal(model.received.length, 3)
    await assert.rejects(client.recognize(ocrRequest, aCall()), unavailable)
    assert.equal(model.received.length, 5)
  })

  it('does not ask again when a new connection breaks', async (t) => {
    const model = await recordingServer(t, reset)
    await assert.rejects(clientOf(t, model.origin).recognize(ocrRequest, aCall()), unavailable)
    assert.equal(model.received.length, 1)
  })

  it('comes back to a model that restarts within the wait', async (t) => {
    const model = await recordingServer(t, exampleAnswer)
    await model.stop()
    const call = clientOf(t, model.origin).recognize(ocrRequest, aCall())
    await sleep(20)
    await model.restart()
    assert.deepEqual(await call, exampleResult)
  })

  it('puts no more than a tenth of extra load on a model that fails', async (t) => {
    const model = await recordingServer(t, answering(503, 'no'))
    const client = clientOf(t, model.origin)
    const calls = Array.from({ length: 200 }, () => client.metadata(aCall()))
    const outcomes = await Promise.allSettled(calls)
    assert.ok(outcomes.every(({ status }) => status === 'rejected'))
    assert.ok(model.received.length > 200, 'retries at all')
    assert.ok(model.received.length <= 220, `${model.received.length} requests for 200 calls`)
  })
})

describe('the inference client, at its limits of time', () => {
  it('ends with the reason of the signal when the deadline passes', async (t) => {
    const model = await recordingServer(t, () => undefined)
    const reason = new OcrError('deadline_exceeded', 'Took longer.')
    const controller = new AbortController()
    setTimeout(() => controller.abort(reason), 50)
    const { signal } = controller
    const call = aCall({ signal, deadlineAt: performance.now() + 50 })
    await assert.rejects(clientOf(t, model.origin).recognize(ocrRequest, call), reason)
  })

  it('cancels at the model what the client cancels, and does not count it as a failure', async (t) => {
    let cancelled = 0
    const model = await recordingServer(t, (_, response) => {
      response.on('close', () => cancelled++)
    })
    const client = clientOf(t, model.origin, { breakerFailures: 1, breakerOpenMs: 60_000 })
    for (let round = 1; round <= 3; round++) {
      const controller = new AbortController()
      const call = client.recognize(ocrRequest, aCall({ signal: controller.signal }))
      while (model.received.length < round) await sleep(2)
      const reason = new OcrError('client_gone', 'Gone.')
      controller.abort(reason)
      await assert.rejects(call, reason)
      while (cancelled < round) await sleep(2)
    }
    assert.equal(model.received.length, 3)
  })

  it('waits for a model that starts, and does not take slow for dead', async (t) => {
    const model = await recordingServer(t, (request, response) => {
      setTimeout(() => exampleAnswer(request, response), 1_500)
    })
    const client = clientOf(t, model.origin, { breakerFailures: 1, breakerOpenMs: 60_000 })
    const impatient = Array.from({ length: 3 }, () => {
      const reason = new OcrError('deadline_exceeded', 'Took longer.')
      const controller = new AbortController()
      setTimeout(() => controller.abort(reason), 100)
      return client.recognize(ocrRequest, aCall({ signal: controller.signal }))
    })
    const patient = client.recognize(ocrRequest, aCall())
    const outcomes = await Promise.allSettled(impatient)
    assert.ok(outcomes.every(({ status }) => status === 'rejected'))
    assert.deepEqual(await patient, exampleResult)
    assert.deepEqual(await client.recognize(ocrRequest, aCall()), exampleResult)
  })
})

describe('the inference client, without a model', () => {
  it('stops to ask after some failures, answers fast then, and finds the model again', async (t) => {
    const model = await recordingServer(t, exampleAnswer)
    await model.stop()
    const client = clientOf(t, model.origin, { breakerFailures: 5, breakerOpenMs: 1_000 })
    for (let failure = 0; failure < 5; failure++) {
      await assert.rejects(client.recognize(ocrRequest, aCall()), unavailable)
    }
    await model.restart()
    const start = performance.now()
    for (let call = 0; call < 100; call++) {
      await assert.rejects(client.recognize(ocrRequest, aCall()), {
        ...unavailable,
        retryAfterSeconds: 1,
      })
    }
    assert.ok(performance.now() - start < 500, 'refused without a wait')
    assert.equal(model.received.length, 0)

    let result: unknown
    while (!result) {
      await sleep(50)
      result = await client.recognize(ocrRequest, aCall()).catch(() => undefined)
    }
    assert.ok(performance.now() - start < 5_000, 'found within 5 s')
    assert.deepEqual(result, exampleResult)
    assert.deepEqual(await client.recognize(ocrRequest, aCall()), exampleResult)
  })

  it('asks less of a model that stays dead than there are calls', async (t) => {
    const model = await recordingServer(t, answering(503, 'no'))
    const client = clientOf(t, model.origin, { breakerFailures: 5, breakerOpenMs: 60_000 })
    for (let call = 0; call < 100; call++) {
      await assert.rejects(client.recognize(ocrRequest, aCall()), unavailable)
    }
    assert.ok(model.received.length <= 8, `${model.received.length} requests`)
  })
})
