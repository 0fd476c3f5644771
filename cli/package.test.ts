import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import packageJson from '../package.json' with { type: 'json' }
import { startGateway } from './fixtures/gateway.ts'

/** What a user of the client might write. */
const consumer = `
import { createOcrClient, OcrApiError, type OcrAnswer, type PageEvent } from 'knative-ocr'

const client = createOcrClient({ url: 'http://127.0.0.1:8001', key: 'secret', retries: 2 })
export async function read(file: Uint8Array, signal: AbortSignal) {
  const answer: OcrAnswer = await client.recognize(file, { lang: 'eng', psm: 6, signal })
  const word: string | undefined = answer.pages[0]?.blocks[0]?.paragraphs[0]?.lines[0]?.words[0]?.text
  const lines = await client.recognize(file, { detail: 'lines' })
  const line: string | undefined = lines.pages[0]?.blocks[0]?.paragraphs[0]?.lines[0]?.text
  const pdf = await client.render(file, { format: 'pdf' })
  const hocr: string = await client.render(new Blob([pdf]), { format: 'hocr' })
  const events: PageEvent<'text'>[] = []
  for await (const event of client.pages(file, { detail: 'text' })) events.push(event)
  return { word, line, hocr, events, languages: await client.languages() }
}
export const codeOf = (error: unknown) => (error instanceof OcrApiError ? error.code : undefined)

export async function mistakes(file: Uint8Array) {
  const { pages } = await client.recognize(file, { detail: 'text' })
  // @ts-expect-error pages of text have no blocks
  pages[0]?.blocks
  // @ts-expect-error no such mode
  await client.recognize(file, { psm: 'best' })
  // @ts-expect-error no such format
  await client.render(file, { format: 'docx' })
}
`

describe('the npm package', () => {
  let folder: string
  let names: string[]
  let installed: string
  const environment = { PATH: process.env['PATH'] }

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ocr-package-'))
    const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const archive = join(folder, `knative-ocr-${packageJson.version}.tgz`)
    assert.ok(packed.includes('.tgz'))
    names = execFileSync('tar', ['-tzf', archive], { encoding: 'utf8' }).trim().split('\n')
    mkdirSync(join(folder, 'node_modules', '.bin'), { recursive: true })
    execFileSync('tar', ['-xzf', archive, '-C', folder])
    installed = join(folder, 'node_modules', 'knative-ocr')
    renameSync(join(folder, 'package'), installed)
    symlinkSync('../knative-ocr/dist/ocr.js', join(folder, 'node_modules', '.bin', 'ocr'))
  })
  after(() => rmSync(folder, { recursive: true }))

  it('holds the program, the client and its types', () => {
    assert.deepEqual(names.filter((name) => !name.includes('/types/')).toSorted(), [
      'package/LICENSE',
      'package/README.md',
      'package/dist/client.js',
      'package/dist/ocr.js',
      'package/package.json',
    ])
    const types = names.filter((name) => name.includes('/types/'))
    assert.ok(types.length > 5 && types.every((name) => name.endsWith('.d.ts')), types.join(' '))
  })

  it('runs as a program without any other package', async () => {
    const ocr = join(folder, 'node_modules', '.bin', 'ocr')
    const { status, stdout } = spawnSync(ocr, ['--version'], {
      encoding: 'utf8',
      env: environment,
    })
    assert.deepEqual([status, stdout], [0, `${packageJson.version}\n`])
    const help = spawnSync(ocr, ['--help'], { encoding: 'utf8', env: environment })
    assert.match(help.stdout, /--preserve-interword-spaces/)
  })

  it('has a client that runs without zod and without modules of Node', async () => {
    const source = readFileSync(join(installed, 'dist', 'client.js'), 'utf8')
    assert.doesNotMatch(source, /zod|node:|require\(/)
    await using gateway = await startGateway()
    const { createOcrClient } = await import(
      pathToFileURL(join(installed, 'dist', 'client.js')).href
    )
    const answer = await createOcrClient({ url: gateway.url }).recognize(Buffer.from('one'))
    assert.equal(answer.text, 'one')
  })

  it('has types for its users, and for the example in the README', () => {
    const [, example] = /```ts\n([\s\S]+?)```/.exec(readFileSync('README.md', 'utf8')) ?? []
    assert.ok(example)
    writeFileSync(join(folder, 'example.ts'), example)
    // The only one of the dependencies that the types need.
    symlinkSync(resolve('node_modules/zod'), join(folder, 'node_modules', 'zod'))
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    writeFileSync(join(folder, 'consumer.ts'), consumer)
    const compilerOptions = {
      ...{ strict: true, noEmit: true, module: 'nodenext', target: 'es2024' },
      ...{ types: ['node'], typeRoots: [resolve('node_modules/@types')] },
    }
    const config = { compilerOptions, files: ['consumer.ts', 'example.ts'] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const { status, stdout } = spawnSync(resolve('node_modules/.bin/tsc'), [], {
      cwd: folder,
      encoding: 'utf8',
    })
    assert.deepEqual([status, stdout], [0, ''])
  })
})
