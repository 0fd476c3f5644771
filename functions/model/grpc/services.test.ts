import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { fromBinary } from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt'
import { callMethod, callWith, startProtocols } from '../fixtures/grpc.ts'
import { exampleImage, protocolOptions } from '../fixtures/protocol.ts'
import { Health, HealthCheckResponse_ServingStatus as Status } from './generated/health_pb.ts'
import { GRPCInferenceService } from './generated/inference_pb.ts'
import { ServerReflection } from './generated/reflection_pb.ts'

const inference = GRPCInferenceService.method
const refused = (code: number) => ({ message: new RegExp(`^${code}: `) })

describe('the services over gRPC', () => {
  let ready: Awaited<ReturnType<typeof startProtocols>>
  let starting: typeof ready
  before(async () => {
    ready = await startProtocols()
    starting = await startProtocols(protocolOptions({ isReady: false }))
  })
  after(() => Promise.all([ready.close(), starting.close()]))

  it('tell of server and model', async () => {
    const { session } = ready
    assert.equal((await callMethod(session, inference.serverLive, {})).live, true)
    assert.equal((await callMethod(session, inference.serverReady, {})).ready, true)
    const server = await callMethod(session, inference.serverMetadata, {})
    assert.deepEqual(
      [server.name, server.version, server.extensions],
      ['ocr-model', '1.2.3', ['binary_tensor_data']],
    )
    const model = await callMethod(session, inference.modelMetadata, { name: 'ocr-model' })
    assert.deepEqual([model.versions, model.platform], [['1'], 'tesseract'])
    assert.deepEqual(
      [...model.inputs, ...model.outputs].map(({ name, datatype, shape }) => [
        name,
        datatype,
        shape,
      ]),
      [
        ['image', 'BYTES', [-1n]],
        ['text', 'BYTES', [-1n]],
        ['confidence', 'FP32', [-1n]],
        ['document', 'BYTES', [-1n]],
        ['hocr', 'BYTES', [-1n]],
        ['tsv', 'BYTES', [-1n]],
        ['alto', 'BYTES', [-1n]],
        ['pdf', 'BYTES', [-1n]],
        ['page_count', 'INT32', [-1n]],
      ],
    )
    assert.match(model.properties['lang'] ?? '', /deu, eng$/)
  })

  it('know one model in one version', async () => {
    const { session } = ready
    for (const request of [{ name: 'other' }, { name: 'ocr-model', version: '2' }]) {
      await assert.rejects(callMethod(session, inference.modelReady, request), refused(5))
      await assert.rejects(callMethod(session, inference.modelMetadata, request), refused(5))
    }
    await assert.rejects(callMethod(session, inference.modelInfer, { modelName: 'x' }), refused(5))
  })

  it('tell that the model is not ready', async () => {
    const { session } = starting
    assert.equal((await callMethod(session, inference.serverReady, {})).ready, false)
    const request = { name: 'ocr-model', version: '1' }
    assert.equal((await callMethod(session, inference.modelReady, request)).ready, false)
    assert.equal((await callMethod(session, Health.method.check, {})).status, Status.NOT_SERVING)
  })

  it('infer', async () => {
    const response = await callMethod(ready.session, inference.modelInfer, {
      modelName: 'ocr-model',
      modelVersion: '1',
      id: '42',
      inputs: [
        {
          name: 'image',
          datatype: 'BYTES',
          shape: [1n],
          contents: { bytesContents: [exampleImage] },
        },
      ],
    })
    assert.equal(response.id, '42')
    const text = response.outputs[0]?.contents?.bytesContents[0] ?? Buffer.alloc(0)
    assert.equal(Buffer.from(text).toString(), 'Total 12.50')
  })

  it('count the pages of a file, typed or raw as they are asked', async () => {
    const input = { name: 'image', datatype: 'BYTES', shape: [1n] }
    const request = { modelName: 'ocr-model', outputs: [{ name: 'page_count' }] }
    const contents = { bytesContents: [exampleImage] }
    const typed = await callMethod(ready.session, inference.modelInfer, {
      ...request,
      inputs: [{ ...input, contents }],
    })
    assert.deepEqual(typed.outputs[0]?.contents?.intContents, [3])
    assert.equal(typed.outputs.length, 1)
    const raw = await callMethod(ready.session, inference.modelInfer, {
      ...request,
      inputs: [input],
      rawInputContents: [
        Buffer.concat([Buffer.from([exampleImage.length, 0, 0, 0]), exampleImage]),
      ],
    })
    assert.deepEqual(raw.rawOutputContents.map(Buffer.from), [Buffer.from([3, 0, 0, 0])])
    assert.equal(raw.outputs[0]?.datatype, 'INT32')
  })

  it('tell of the repository', async () => {
    const { session } = ready
    const { models } = await callMethod(session, inference.repositoryIndex, {})
    assert.deepEqual(
      models.map(({ name, version, state }) => [name, version, state]),
      [['ocr-model', '1', 'READY']],
    )
    const request = { modelName: 'ocr-model' }
    const loaded = await callMethod(session, inference.repositoryModelLoad, request)
    assert.equal(loaded.isLoaded, true)
    const unloading = callMethod(session, inference.repositoryModelUnload, request)
    await assert.rejects(unloading, refused(12))
  })

  it('tell of their health', async () => {
    const check = (service: string) => callMethod(ready.session, Health.method.check, { service })
    assert.equal((await check('')).status, Status.SERVING)
    assert.equal((await check(GRPCInferenceService.typeName)).status, Status.SERVING)
    await assert.rejects(check('other'), refused(5))
  })
})

describe('reflection', () => {
  let protocols: Awaited<ReturnType<typeof startProtocols>>
  before(async () => {
    protocols = await startProtocols()
  })
  after(() => protocols.close())

  type Question = Parameters<
    typeof callMethod<
      typeof ServerReflection.method.serverReflectionInfo.input,
      typeof ServerReflection.method.serverReflectionInfo.output
    >
  >[2]['messageRequest']

  const ask = async (messageRequest: NonNullable<Question>) => {
    const method = ServerReflection.method.serverReflectionInfo
    const { messageResponse } = await callMethod(protocols.session, method, { messageRequest })
    return messageResponse
  }
  const fileNameFor = async (question: NonNullable<Question>) => {
    const { case: name, value } = await ask(question)
    if (name !== 'fileDescriptorResponse') return name
    const [file = Buffer.alloc(0)] = value.fileDescriptorProto
    return fromBinary(FileDescriptorProtoSchema, file).name
  }

  it('lists the services', async () => {
    const { case: name, value } = await ask({ case: 'listServices', value: '' })
    assert.equal(name, 'listServicesResponse')
    assert.deepEqual(
      value.service.map((service) => service.name),
      [GRPCInferenceService.typeName, Health.typeName, ServerReflection.typeName],
    )
  })

  for (const symbol of [
    'inference.GRPCInferenceService',
    'inference.GRPCInferenceService.ModelInfer',
    'inference.ModelInferRequest',
    'inference.ModelInferRequest.InferInputTensor',
  ]) {
    it(`finds the file of ${symbol}`, async () => {
      const question = { case: 'fileContainingSymbol', value: symbol } as const
      assert.equal(await fileNameFor(question), 'inference.proto')
    })
  }

  it('finds a file by its name', async () => {
    const question = { case: 'fileByFilename', value: 'health.proto' } as const
    assert.equal(await fileNameFor(question), 'health.proto')
  })

  for (const question of [
    { case: 'fileByFilename', value: '../../etc/passwd' },
    { case: 'fileContainingSymbol', value: 'toString' },
    { case: 'fileContainingExtension', value: { containingType: 'x', extensionNumber: 1 } },
  ] as const) {
    it(`finds nothing for ${question.case} ${JSON.stringify(question.value)}`, async () => {
      assert.equal(await fileNameFor(question), 'errorResponse')
    })
  }

  it('knows of no extensions', async () => {
    const { case: name, value } = await ask({
      case: 'allExtensionNumbersOfType',
      value: 'inference.ModelInferRequest',
    })
    assert.equal(name, 'allExtensionNumbersResponse')
    assert.deepEqual(value.extensionNumber, [])
  })

  it('answers every question of a stream, by its former name too', async () => {
    const question = Buffer.from([0, 0, 0, 0, 2, 0x3a, 0])
    const { messages } = await callWith(
      protocols.session,
      '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo',
      Buffer.concat([question, question, question]),
    )
    assert.equal(messages.length, 3)
  })
})
