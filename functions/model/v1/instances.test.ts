import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { exampleImage } from '../fixtures/protocol.ts'
import { parsePredictRequest } from './instances.ts'

const b64 = exampleImage.toString('base64')
const parse = (body: unknown) => parsePredictRequest(Buffer.from(JSON.stringify(body)))

describe('parsePredictRequest', () => {
  for (const [how, instance] of Object.entries({
    'an object with b64': { b64 },
    'an image with b64': { image: { b64 } },
    'base64 alone': b64,
  })) {
    it(`takes ${how}`, () => {
      const { images } = parse({ instances: [instance, instance] })
      assert.deepEqual(images.map(Buffer.from), [exampleImage, exampleImage])
    })
  }

  it('takes "inputs" for "instances", and options as parameters', () => {
    const { images, options } = parse({ inputs: [b64], parameters: { psm: 6 } })
    assert.equal(images.length, 1)
    assert.deepEqual(options, { psm: 6 })
  })

  for (const [problem, body] of Object.entries({
    'a list': [],
    'no instances': {},
    'no instance': { instances: [] },
    'instances that are no list': { instances: { b64 } },
    'an instance that is no image': { instances: [7] },
    'an unknown option': { instances: [b64], parameters: { x: 1 } },
    'parameters that are a list': { instances: [b64], parameters: [] },
  })) {
    it(`refuses ${problem}`, () => assert.throws(() => parse(body), { kind: 'invalid_request' }))
  }

  it('names the instance that is bad', () => {
    assert.throws(() => parse({ instances: [b64, b64, { b64: '!' }] }), { message: /index 2/ })
  })
})
