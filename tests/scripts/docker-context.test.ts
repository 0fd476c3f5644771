import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { importsOf } from '../architecture.ts'

/** A script with those of ours that it imports, and they in turn. */
function withImports(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  for (const name of importsOf(readFileSync(file, 'utf8'))) {
    if (name.startsWith('.')) withImports(join(file, '..', name), seen)
  }
  return seen
}

describe('what the builds of the images are given', () => {
  const given = readFileSync('.dockerignore', 'utf8').split('\n')
  for (const service of ['model', 'gateway']) {
    it(`has the scripts that the build of the ${service} runs, with what they import`, () => {
      const dockerfile = readFileSync(`Dockerfile.${service}`, 'utf8')
      const run = [...dockerfile.matchAll(/\bnode \/?(scripts\/[\w-]+\.mjs)/g)].map(
        ([, path = '']) => path,
      )
      assert.deepEqual(run, ['scripts/bundle.mjs', 'scripts/warm.mjs'])
      for (const file of run.flatMap((script) => [...withImports(script)])) {
        assert.ok(given.includes(`!${file}`), file)
      }
    })
  }
})
