import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { typeOfFile } from '../../../functions/contract/file-types.ts'
import { createRandom } from '../../documents/random.ts'
import { blocksOf, repaired } from './blocks.ts'
import { mutation } from './mutate.ts'
import { mutators } from './mutators.ts'
import { createSeeds, type Seed } from './seeds.ts'

describe('the mutations', () => {
  let seeds: Seed[]
  before(async () => {
    seeds = await createSeeds()
  })

  it('are of files of every type, each of which is made alike again', async () => {
    const types = new Set(seeds.map(({ type }) => type))
    assert.deepEqual([...types].sort(), ['gif', 'jpeg', 'pdf', 'png', 'tiff', 'webp'])
    for (const { type, file } of seeds) assert.equal(typeOfFile(file), type)
    assert.deepEqual(await createSeeds(), seeds)
  })

  it('are the same for the same numbers, and for no others', () => {
    const of = (seed: number) =>
      Array.from({ length: 300 }, (_, number) => mutation(seeds, seed, number).file)
    assert.deepEqual(of(1), of(1))
    const files = [...of(1), ...of(2)].map((file) => file.toString('latin1'))
    assert.ok(new Set(files).size > 500)
    const originals = new Set(seeds.map(({ file }) => file.toString('latin1')))
    assert.ok(files.filter((file) => originals.has(file)).length < 60)
  })

  it('leave the files of which they are made as they were', async () => {
    for (let number = 0; number < 500; number++) mutation(seeds, 3, number)
    assert.deepEqual(seeds, await createSeeds())
  })

  for (const [name, mutate] of Object.entries(mutators)) {
    it(`have ${name} make something else of a file, most of the time`, () => {
      const random = createRandom(5)
      const changed = seeds.filter((seed) => !mutate(seed, random, seeds).equals(seed.file))
      assert.ok(changed.length > seeds.length / 2)
    })
  }

  it('cut files into blocks that are the files together', () => {
    for (const { type, file } of seeds) {
      const blocks = blocksOf(type, file)
      assert.ok(blocks.length > 3)
      assert.deepEqual(Buffer.concat(blocks), file)
    }
  })

  it('know checksums and lengths, and repair them', () => {
    for (const { type, file } of seeds) {
      const copy = Buffer.from(file)
      if (type === 'png') copy[29] = (copy[29] ?? 0) + 1
      if (type === 'webp') copy[4] = (copy[4] ?? 0) + 1
      assert.deepEqual(repaired(type, copy), file)
    }
  })
})
