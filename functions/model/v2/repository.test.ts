import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { protocolOptions } from '../fixtures/protocol.ts'
import { loadModel, repositoryIndex, unloadModel } from './repository.ts'

const { predictor } = protocolOptions()
const starting = protocolOptions({ isReady: false }).predictor

describe('the model repository', () => {
  it('has one model and tells whether it is ready', () => {
    const entry = { name: 'ocr-model', version: '1' }
    assert.deepEqual(repositoryIndex(predictor, false), [{ ...entry, state: 'READY', reason: '' }])
    assert.deepEqual(repositoryIndex(starting, false), [
      { ...entry, state: 'UNAVAILABLE', reason: 'The model is starting or stopping.' },
    ])
    const { predictor: broken } = protocolOptions({ isHealthy: false })
    assert.match(repositoryIndex(broken, false)[0]?.reason ?? '', /^The engine cannot be started/)
    assert.equal(repositoryIndex(predictor, true).length, 1)
    assert.equal(repositoryIndex(starting, true).length, 0)
  })

  it('has its model loaded, once it is ready', () => {
    loadModel(predictor, 'ocr-model', {})
    assert.throws(() => loadModel(starting, 'ocr-model', {}), { kind: 'not_ready' })
    assert.throws(() => loadModel(predictor, 'other', {}), { kind: 'model_not_found' })
  })

  it('does not pretend to change or to unload it', () => {
    assert.throws(() => loadModel(predictor, 'ocr-model', { config: '{}' }), {
      kind: 'not_supported',
    })
    assert.throws(() => unloadModel(predictor, 'ocr-model'), { kind: 'not_supported' })
    assert.throws(() => unloadModel(predictor, 'other'), { kind: 'model_not_found' })
  })
})
