import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { crdSchemas, hasGo, problemsOf } from './crd-schemas.ts'
import { type Manifest, renderings } from './render.ts'

const skip = hasGo() ? false : 'there is no Go, by which the CRDs are fetched'

describe("the projects' own CRDs", { skip }, () => {
  let schemas: Map<string, Manifest>
  before(() => {
    schemas = crdSchemas()
  })

  for (const [name, manifests] of Object.entries(renderings)) {
    it(`allow what is rendered for ${name}`, () => {
      const known = manifests.filter(({ apiVersion, kind }) => schemas.has(`${apiVersion} ${kind}`))
      assert.ok(known.some(({ kind }) => kind === 'InferenceService'))
      for (const manifest of known) {
        const schema = schemas.get(`${manifest.apiVersion} ${manifest.kind}`)
        assert.deepEqual(problemsOf(manifest, schema), [], manifest.kind)
      }
    })
  }

  it('refuse a wrong type and an unknown field', () => {
    const schema = schemas.get('serving.kserve.io/v1beta1 InferenceService')
    const wrong = { spec: { predictor: { minReplicas: 'none', minimumReplicas: 0 } } }
    assert.deepEqual(problemsOf(wrong, schema), [
      '/spec/predictor/minReplicas must be integer',
      '/spec/predictor/minimumReplicas is not known',
    ])
  })
})
