import assert from 'node:assert/strict'
import { hostname } from 'node:os'
import { afterEach, describe, it } from 'node:test'
import { resourceOf } from './resource.ts'

const identity = { service: 'ocr-gateway', version: '1.2.3' }

describe('who tells', () => {
  afterEach(() => {
    delete process.env['OTEL_RESOURCE_ATTRIBUTES']
    delete process.env['OTEL_SERVICE_NAME']
  })

  it('is the service, its version and the pod', () => {
    assert.deepEqual(resourceOf(identity).attributes, {
      'service.name': 'ocr-gateway',
      'service.version': '1.2.3',
      'service.instance.id': hostname(),
    })
  })

  it('has what the environment adds, and what it says otherwise', () => {
    process.env['OTEL_RESOURCE_ATTRIBUTES'] =
      'k8s.pod.name=ocr-gateway-1,service.instance.id=instance%2C1'
    process.env['OTEL_SERVICE_NAME'] = 'reader'
    assert.deepEqual(resourceOf(identity).attributes, {
      'service.name': 'reader',
      'service.version': '1.2.3',
      'service.instance.id': 'instance,1',
      'k8s.pod.name': 'ocr-gateway-1',
    })
  })
})
