import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { z } from 'zod'
import { answerFormats, formats } from '../../contract/answer-formats.ts'
import { requestNames } from '../../contract/answer-request.ts'
import { errorKinds } from '../../contract/errors.ts'
import { fileTypeNames, fileTypes } from '../../contract/file-types.ts'
import { gateway } from '../fixtures/gateway.ts'

const parameterSchema = z.object({
  name: z.string(),
  in: z.string(),
  schema: z.looseObject({ enum: z.array(z.unknown()).optional() }),
})
const contentSchema = z.record(z.string(), z.looseObject({ schema: z.looseObject({}) }))
const operationSchema = z.object({
  operationId: z.string(),
  security: z.array(z.unknown()).optional(),
  parameters: z.array(parameterSchema).default([]),
  requestBody: z.object({ content: contentSchema }).optional(),
  responses: z.record(
    z.string(),
    z.object({ description: z.string(), content: contentSchema.optional() }),
  ),
})
const descriptionSchema = z.object({
  openapi: z.string(),
  info: z.object({ version: z.string(), description: z.string() }),
  security: z.array(z.unknown()),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  webhooks: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({
    schemas: z.record(z.string(), z.unknown()),
    securitySchemes: z.record(z.string(), z.unknown()).optional(),
  }),
})

async function described(options: Parameters<typeof gateway>[0] = {}) {
  const eventRules = { events: 'open' } as const
  const response = await gateway({ eventRules, ...options }).request('/openapi.json')
  assert.equal(response.status, 200)
  assert.match(response.headers.get('content-type') ?? '', /^application\/json/)
  const source = await response.text()
  return { source, description: descriptionSchema.parse(JSON.parse(source)) }
}

const { description } = await described()
const { post: ocr } = description.paths['/v1/ocr'] ?? {}
const { post: form } = description.paths['/gateway/ocr'] ?? {}

describe('the description of the API', () => {
  it('asks for a key for events only if they need one', async () => {
    for (const [events, security] of [
      ['open', []],
      ['keys', undefined],
    ] as const) {
      const { description } = await described({ needsKey: true, eventRules: { events } })
      assert.deepEqual(description.paths['/events']?.['post']?.security, security)
    }
  })

  for (const needsKey of [true, false]) {
    it(`has no problem by the recommended rules, ${needsKey ? 'with' : 'without'} keys`, async () => {
      const { source } = await described({ needsKey })
      const config = await createConfig({ extends: ['recommended'] })
      const problems = await lintFromString({ source, absoluteRef: 'openapi.json', config })
      assert.deepEqual(
        problems.map(({ ruleId, message, location }) => ({
          ruleId,
          message,
          at: location[0]?.pointer,
        })),
        [],
      )
    })
  }

  it('is of OpenAPI 3.1 and has the version of the gateway', async () => {
    const { description } = await described({ version: '9.8.7' })
    assert.match(description.openapi, /^3\.1\.\d+$/)
    assert.equal(description.info.version, '9.8.7')
  })

  it('is the same each time', async () => {
    const { request } = gateway()
    const texts = [await request('/openapi.json'), await request('/openapi.json')]
    const [first, second] = await Promise.all(texts.map((response) => response.text()))
    assert.equal(first, second)
  })

  it('has every path but those of itself', () => {
    assert.deepEqual(Object.keys(description.paths).toSorted(), [
      '/events',
      '/gateway/ocr',
      '/livez',
      '/readyz',
      '/v1/languages',
      '/v1/ocr',
      '/v1/results/{id}',
    ])
  })

  it('has events where they are taken, and the events that are sent in any case', async () => {
    const { description } = await described({ eventRules: { events: 'off' } })
    assert.equal(description.paths['/events'], undefined)
    assert.deepEqual(Object.keys(description.webhooks), ['recognized', 'failed'])
    for (const { post } of Object.values(description.webhooks)) {
      assert.deepEqual(Object.keys(post?.responses ?? {}), ['2XX'])
    }
  })

  it('has every code of an error', () => {
    for (const kind of errorKinds) {
      assert.ok(description.info.description.includes(`| \`${kind}\` |`), kind)
    }
    const codes = z
      .object({ properties: z.object({ code: z.object({ enum: z.array(z.string()) }) }) })
      .parse(description.components.schemas['Problem']).properties.code.enum
    assert.deepEqual(codes, errorKinds)
  })

  it('has the errors that an operation may answer with, as problems', () => {
    for (const operation of [ocr, form]) {
      const errors = Object.entries(operation?.responses ?? {}).filter(
        ([status]) => status >= '400',
      )
      const told = errors.map(([, { description }]) => description).join()
      for (const kind of ['invalid_request', 'unauthorized', 'overloaded', 'model_unavailable']) {
        assert.ok(told.includes(`\`${kind}\``), kind)
      }
      for (const [status, { content }] of errors) {
        assert.deepEqual(Object.keys(content ?? {}), ['application/problem+json'], status)
      }
    }
  })

  it('has every option of the gateway, in the query, in forms and in JSON', () => {
    for (const operation of [ocr, form]) {
      const inQuery = operation?.parameters.filter((parameter) => parameter.in === 'query')
      assert.deepEqual(
        inQuery?.map(({ name }) => name),
        requestNames,
      )
    }
    for (const [content, names] of [
      [ocr?.requestBody?.content['multipart/form-data'], [...requestNames, 'file']],
      [ocr?.requestBody?.content['application/json'], [...requestNames, 'file']],
      [form?.requestBody?.content['multipart/form-data'], [...requestNames, 'image_file']],
    ] as const) {
      const { properties } = z
        .object({ properties: z.record(z.string(), z.looseObject({ description: z.string() })) })
        .parse(content?.schema)
      assert.deepEqual(Object.keys(properties), names)
    }
  })

  it('has every value of an option that has few', () => {
    const valuesOf = (name: string) =>
      ocr?.parameters.find((parameter) => parameter.name === name)?.schema.enum
    assert.deepEqual(valuesOf('format'), formats)
    assert.deepEqual(valuesOf('detail'), ['text', 'lines', 'words'])
    assert.deepEqual(valuesOf('profile'), ['fast', 'best'])
    assert.deepEqual(valuesOf('psm'), [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13])
    assert.deepEqual(valuesOf('oem'), [0, 1, 2, 3])
  })

  it('has every type of file, and every format of an answer', () => {
    const taken = Object.keys(ocr?.requestBody?.content ?? {})
    for (const name of fileTypeNames) assert.ok(taken.includes(fileTypes[name].mediaType), name)
    for (const operation of [ocr, form]) {
      assert.deepEqual(
        Object.keys(operation?.responses['200']?.content ?? {}),
        formats.map((format) => answerFormats[format].mediaTypes[0]),
      )
    }
  })

  it('asks for a key where one is needed, and for none by a probe', async () => {
    assert.deepEqual(description.security, [])
    const { description: withKeys } = await described({ needsKey: true })
    assert.deepEqual(withKeys.security, [{ bearer: [] }, { apiKey: [] }])
    assert.deepEqual(withKeys.components.securitySchemes, {
      bearer: { type: 'http', scheme: 'bearer' },
      apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
    })
    for (const path of ['/livez', '/readyz']) {
      assert.deepEqual(withKeys.paths[path]?.['get']?.security, [])
    }
  })
})
