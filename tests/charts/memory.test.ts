import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gatewaySettings } from '../../functions/gateway/settings.ts'
import { modelSettings } from '../../functions/model/settings.ts'
import { memoryBoundMiB } from '../resilience/memory-bound.ts'
import { type Manifest, podsOf, renderings } from './render.ts'

const MiB = 2 ** 20
const unitsMiB: Readonly<Record<string, number>> = { Mi: 1, Gi: 1024 }

function inMiB(quantity: string): number {
  const [, number, unit = ''] = /^(\d+)(Mi|Gi)$/.exec(quantity) ?? []
  return Number(number) * (unitsMiB[unit] ?? Number.NaN)
}

/** What a model's container may come to beside Node: a page in color as a file, and an engine, for each worker. */
const besideNodeMiB = (workers: number): number => {
  const pageBytes = modelSettings.enginePixels.fallback * 3
  return (workers * (pageBytes + modelSettings.engineResidentBytes.fallback)) / MiB
}

describe('the memory of the model', () => {
  for (const [name, manifests] of Object.entries(renderings)) {
    it(`has room for the most that it may come to: ${name}`, () => {
      const models: Manifest[] = manifests
        .flatMap(podsOf)
        .flatMap((pod) => pod.containers)
        .filter(({ image }) => image.includes('ocr-model'))
      assert.equal(models.length, 1)
      for (const { env, resources } of models) {
        const variables = Object.fromEntries(env.map((one: Manifest) => [one.name, one.value]))
        const slots = Number(variables['OCR_ENGINE_PROCESSES'])
        const { uploadMemoryBytes: uploads } = modelSettings
        const uploadMemoryBytes = Number(variables[uploads.name] ?? uploads.fallback)
        const most = memoryBoundMiB({ slots, uploadMemoryBytes }) + besideNodeMiB(slots)
        const limit = inMiB(resources.limits.memory)
        assert.ok(limit >= most, `${limit} of ${most} MiB`)
      }
    })
  }
})

/** What the gateway comes to beside the bodies that it counts: 30 uploads of 18 MiB at once made it 300. */
const uncountedMiB = 384

describe('the memory of the gateway', () => {
  for (const [name, manifests] of Object.entries(renderings)) {
    it(`has room for the most that it may come to: ${name}`, () => {
      const gateways: Manifest[] = manifests
        .flatMap(podsOf)
        .flatMap((pod) => pod.containers)
        .filter(({ image }) => image.includes('ocr-gateway'))
      assert.ok(gateways.length > 0)
      for (const { env, resources } of gateways) {
        const variables = Object.fromEntries(env.map((one: Manifest) => [one.name, one.value]))
        const { uploadMemoryBytes, answerMemoryBytes } = gatewaySettings
        const counted = [uploadMemoryBytes, answerMemoryBytes].map((setting) =>
          Number(variables[setting.name] ?? setting.fallback),
        )
        const most = counted.reduce((sum, bytes) => sum + bytes / MiB, uncountedMiB)
        const limit = inMiB(resources.limits.memory)
        assert.ok(limit >= most, `${limit} of ${most} MiB`)
      }
    })
  }
})
