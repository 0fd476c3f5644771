import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { nodeFlags, serviceEnvironment } from '../../scripts/service-environment.mjs'

/** Variables of the last stage of a Dockerfile, which is the image. */
function environmentIn(dockerfile: string): Record<string, string> {
  const [image = ''] = dockerfile.split(/^FROM /m).slice(-1)
  const lines = image.match(/(?<=^ENV ).*$/gm) ?? []
  return Object.fromEntries(
    lines.flatMap((line) =>
      [...line.matchAll(/(\w+)=(\S*)/g)].map(([, name, value]) => [name, value]),
    ),
  )
}

describe('the environment of a service', () => {
  for (const service of ['model', 'gateway']) {
    it(`is in the image of the ${service}`, () => {
      const environment = environmentIn(readFileSync(`Dockerfile.${service}`, 'utf8'))
      assert.partialDeepStrictEqual(environment, serviceEnvironment)
    })

    it(`has its flags in the image of the ${service}`, () => {
      const dockerfile = readFileSync(`Dockerfile.${service}`, 'utf8')
      const [command] = dockerfile.match(/(?<=^CMD )\[.*\]$/m) ?? []
      const words: string[] = JSON.parse(command ?? '[]')
      assert.deepEqual(words.slice(-nodeFlags.length - 1), [...nodeFlags, '/app/main.js'])
    })
  }
})
