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

interface Memory {
  readonly limitMiB: number
  /** A setting of the container, or its fallback. */
  valueFor(setting: { readonly name: string; readonly fallback: number }): number
}

const memoriesOf = (image: string, manifests: Manifest[]): Memory[] =>
  manifests
    .flatMap(podsOf)
    .flatMap((pod) => pod.containers)
    .filter((container) => container.image.includes(image))
    .map(({ env, resources }) => {
      const variables = Object.fromEntries(env.map((one: Manifest) => [one.name, one.value]))
      return {
        limitMiB: inMiB(resources.limits.memory),
        valueFor: ({ name, fallback }) => Number(variables[name] ?? fallback),
      }
    })

const modelMiB = ({ valueFor }: Memory): number => {
  const slots = valueFor(modelSettings.engineProcesses)
  assert.ok(slots > 0, 'the chart tells how many engines there are')
  const uploadMemoryBytes = valueFor(modelSettings.uploadMemoryBytes)
  return memoryBoundMiB({ slots, uploadMemoryBytes }) + besideNodeMiB(slots)
}

/** What the gateway comes to beside the bodies that it counts: 30 uploads of 18 MiB at once made it 300. */
const uncountedMiB = 384

const gatewayMiB = ({ valueFor }: Memory): number => {
  const { uploadMemoryBytes, answerMemoryBytes } = gatewaySettings
  return uncountedMiB + (valueFor(uploadMemoryBytes) + valueFor(answerMemoryBytes)) / MiB
}

for (const [service, mostMiB] of [
  ['model', modelMiB],
  ['gateway', gatewayMiB],
] as const) {
  describe(`the memory of the ${service}`, () => {
    for (const [name, manifests] of Object.entries(renderings)) {
      it(`has room for the most that it may come to: ${name}`, () => {
        const memories = memoriesOf(`ocr-${service}`, manifests)
        // Events come to a gateway of their own.
        const hasTwo = service === 'gateway' && name.endsWith('with events')
        assert.equal(memories.length, hasTwo ? 2 : 1)
        for (const memory of memories) {
          const [limit, most] = [memory.limitMiB, mostMiB(memory)]
          assert.ok(limit >= most, `${limit} of ${most} MiB`)
        }
      })
    }
  })
}
