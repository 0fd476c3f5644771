import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { countPods } from './deployments.ts'

const names = { gateway: 'ocr-gateway', model: 'ocr-model' }
const service = 'serving.knative.dev/service'
const inference = 'serving.kserve.io/inferenceservice'

const deployment = (labels: Record<string, string>, wanted?: number, ready?: number) => ({
  metadata: { name: 'any', labels },
  spec: wanted === undefined ? {} : { replicas: wanted },
  status: ready === undefined ? {} : { readyReplicas: ready },
})

describe('pods', () => {
  it('are those of the Deployments of both services, over all revisions', () => {
    const items = [
      deployment({ [service]: 'ocr-gateway' }, 0),
      deployment({ [service]: 'ocr-gateway' }, 2, 1),
      deployment({ [service]: 'ocr-model-predictor', [inference]: 'ocr-model' }, 4, 3),
      deployment({ [service]: 'ocr-gateway-events' }, 7, 7),
      deployment({ [service]: 'other-predictor', [inference]: 'other' }, 7, 7),
      deployment({}, 7, 7),
      { metadata: {}, spec: { replicas: 7 } },
    ]
    assert.deepEqual(countPods({ items }, names), {
      gateway: { wanted: 2, ready: 1 },
      model: { wanted: 4, ready: 3 },
    })
  })

  it('are none where there is no Deployment', () => {
    const none = { wanted: 0, ready: 0 }
    assert.deepEqual(countPods({ items: [] }, names), { gateway: none, model: none })
  })

  it('are one where a Deployment does not say how many, as Kubernetes has it', () => {
    const items = [deployment({ [inference]: 'ocr-model' })]
    assert.deepEqual(countPods({ items }, names).model, { wanted: 1, ready: 0 })
  })

  for (const list of [undefined, {}, { items: 'none' }, { items: [deployment({}, -1)] }]) {
    it(`cannot be counted in ${JSON.stringify(list)}`, () => {
      assert.throws(() => countPods(list, names), { name: 'ZodError' })
    })
  }
})
