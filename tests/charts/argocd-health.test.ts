import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { before, describe, it } from 'node:test'
import { LuaFactory, LuaLibraries } from 'wasmoon'
import { parse } from 'yaml'
import type { Manifest } from './render.ts'

const folder = 'argocd/health'
const check = readFileSync(`${folder}/inference-service.lua`, 'utf8')
const samples: Manifest[] = parse(
  readFileSync('tests/charts/fixtures/inference-service-health.yaml', 'utf8'),
)

/** Lua with the libraries that Argo CD gives to a health check; it returns what the check does. */
async function argoLua() {
  const engine = await new LuaFactory().createEngine({
    openStandardLibs: false,
    enableProxy: false,
    injectObjects: false,
  })
  for (const library of [LuaLibraries.Base, LuaLibraries.Table]) engine.global.loadLibrary(library)
  return (script: string, obj: Manifest): Promise<Manifest> => {
    engine.global.set('obj', obj)
    return engine.doString(script)
  }
}

describe('the health of an InferenceService in Argo CD', () => {
  let run: Awaited<ReturnType<typeof argoLua>>
  before(async () => {
    run = await argoLua()
  })

  for (const { name, health, message = '', status, generation = 1 } of samples) {
    it(`is ${health} for ${name}`, async () => {
      const answer = await run(check, {
        kind: 'InferenceService',
        metadata: { generation },
        status,
      })
      assert.equal(answer.status, health)
      assert.ok(answer.message.includes(message), answer.message)
    })
  }

  it('is told without what Argo CD does not give to a check', async () => {
    await assert.rejects(run('return string.upper("a")', {}), /string/)
  })

  it("comes into Argo CD's settings under the key that it looks for", () => {
    const text = execFileSync('kubectl', ['kustomize', folder], { encoding: 'utf8' })
    const { kind, metadata, data } = parse(text)
    assert.deepEqual([kind, metadata.name], ['ConfigMap', 'argocd-cm'])
    assert.equal(metadata.labels['app.kubernetes.io/part-of'], 'argocd')
    const key = 'resource.customizations.health.serving.kserve.io_InferenceService'
    assert.deepEqual(data, { [key]: check })
  })
})
