import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import packageJson from '../package.json' with { type: 'json' }
import {
  circlesIn,
  cliViolations,
  demoViolations,
  importsOf,
  readSource,
  statementViolations,
  violations,
} from './architecture.ts'

const isTest = (file: string) => /\.(?:test|d)\.ts$|(?:^|\/)fixtures\//.test(file)
const sources = globSync('**/*.ts', { cwd: 'functions' }).filter((file) => !isTest(file))
const cliSources = globSync('**/*.ts', { cwd: 'cli' }).filter((file) => !isTest(file))
const demoSources = globSync('**/*.ts', { cwd: 'demo' }).filter((file) => !isTest(file))
const readCli = (file: string) => readFileSync(`cli/${file}`, 'utf8')

describe('the architecture', () => {
  it('has sources to look at', () => assert.ok(sources.length > 30))

  it('is kept by every import', () => {
    assert.deepEqual(
      sources.flatMap((file) => violations(file, readSource(file))),
      [],
    )
  })

  it('keeps the environment, exit codes and statuses in their places', () => {
    assert.deepEqual(
      sources.flatMap((file) => statementViolations(file, readSource(file))),
      [],
    )
  })

  it('has no circles', () => {
    const imports = (file: string) =>
      importsOf(readSource(file))
        .filter((name) => name.startsWith('.'))
        .map((name) => join(dirname(file), name))
    assert.deepEqual(circlesIn(new Map(sources.map((file) => [file, imports(file)]))), [])
    const circle = Object.entries({ a: ['b', 'd'], b: ['c'], c: ['a'], d: ['c'] })
    assert.deepEqual(circlesIn(new Map(circle)), ['a → b → c → a'])
  })

  for (const source of ['if (status === 503) {', 'writeHead(404)', '{ status: 400 }']) {
    it(`has the statuses of errors in their table, and no ${source}`, () => {
      assert.equal(statementViolations('platform/http.ts', source).length, 1)
      assert.deepEqual(statementViolations('gateway/sink/failure.ts', source), [])
    })
  }

  for (const [file, line] of [
    ['contract/ocr.ts', `import { createLog } from '../platform/log.ts'`],
    ['contract/ocr.ts', `import { readFile } from 'node:fs/promises'`],
    ['platform/log.ts', `import { parseOptions } from '../contract/options.ts'`],
    ['gateway/app.ts', `import { decode } from '../model/image/decode.ts'`],
    ['gateway/app.ts', `import { request } from 'undici'`],
    ['gateway/intake/form.ts', `import { createRecognize } from '../recognize.ts'`],
    ['model/app.ts', `import { createRecognize } from '../gateway/recognize.ts'`],
    ['gateway/recognize.ts', `import { readForm } from './intake/form.ts'`],
    ['gateway/recognize.ts', `import { createOcrHandler } from './api/ocr.ts'`],
    ['model/ocr-pipeline.ts', `import { addV2Routes } from './v2/routes.ts'`],
    ['model/predictor.ts', `import { createGrpc } from './grpc/services.ts'`],
    ['model/image/decode.ts', `import { WarmProcess } from '../engine/process.ts'`],
    ['model/engine/warm.ts', `import { spawn } from 'node:child_process'`],
    ['model/engine/warm.ts', `import { decode } from '../image/decode.ts'`],
    ['model/v2/routes.ts', `const { decode } = await import('../image/decode.ts')`],
    ['model/v2/routes.ts', `import { createOcrPipeline } from '../ocr-pipeline.ts'`],
    ['model/v2/routes.ts', `import { Health } from '../grpc/generated/health_pb.ts'`],
    ['model/grpc/tensors.ts', `import { Hono } from 'hono'`],
    ['model/predictor.ts', `import { create } from '@bufbuild/protobuf'`],
    ['model/app.ts', `import lodash from 'lodash'`],
    ['model/app.ts', `import { join } from 'path'`],
    ['stray/file.ts', `import { OcrError } from '../contract/errors.ts'`],
  ] as const) {
    it(`refuses in ${file}: ${line}`, () => assert.equal(violations(file, line).length, 1))
  }

  it('refuses the environment outside of main.ts', () => {
    const source = 'const port = process.env.PORT'
    assert.equal(statementViolations('gateway/app.ts', source).length, 1)
    assert.deepEqual(statementViolations('gateway/main.ts', source), [])
  })

  it('is kept by the command line', () => {
    assert.ok(cliSources.length > 10)
    assert.deepEqual(
      cliSources.flatMap((file) => cliViolations(file, readCli(file))),
      [],
    )
  })

  for (const [file, line] of [
    ['cli.ts', `import { createApp } from '../functions/gateway/app.ts'`],
    ['cli.ts', `import { z } from 'zod'`],
    ['cli.ts', `const url = process.env['OCR_URL']`],
    ['client.ts', `import { formats } from '../functions/contract/answer-formats.ts'`],
    ['client.ts', `import { helpText } from './command/help.ts'`],
    ['client/retry.ts', `import { setTimeout } from 'node:timers/promises'`],
  ] as const) {
    it(`refuses in cli/${file}: ${line}`, () => assert.equal(cliViolations(file, line).length, 1))
  }

  it('is kept by the demo', () => {
    assert.ok(demoSources.length > 10)
    assert.deepEqual(
      demoSources.flatMap((file) => demoViolations(file, readFileSync(`demo/${file}`, 'utf8'))),
      [],
    )
  })

  for (const [file, line] of [
    ['autoscale/run.ts', `import { createApp } from '../../functions/gateway/app.ts'`],
    ['autoscale/run.ts', `import { startLoad } from '../../tests/resilience/load/generator.ts'`],
    ['autoscale/run.ts', `import { spawn } from 'node:child_process'`],
    ['autoscale/run.ts', `const url = process.env['OCR_URL']`],
    ['autoscale/run.ts', `import sharp from 'sharp'`],
    ['autoscale/load/ask.ts', `import { watchPods } from '../pods/watch.ts'`],
    ['autoscale/figures/summary.ts', `import { drawTimeline } from '../picture/timeline.ts'`],
    ['autoscale/screen/chart.ts', `import { scaleLinear } from 'd3-scale'`],
  ] as const) {
    it(`refuses in demo/${file}: ${line}`, () => assert.equal(demoViolations(file, line).length, 1))
  }

  it('uses every dependency', () => {
    const all = [...sources.map(readSource), ...cliSources.map(readCli)]
    const used = new Set(all.flatMap(importsOf))
    for (const name of Object.keys(packageJson.dependencies)) {
      const isUsed = [...used].some((used) => used === name || used.startsWith(`${name}/`))
      assert.ok(isUsed, `${name} is not used`)
    }
  })
})
