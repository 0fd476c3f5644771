import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { createReceiving } from '../../platform/receiving.ts'
import { readSubmission } from './submission.ts'

const limit = 1000
const rules = { fileField: 'file', optionNames: ['lang', 'psm'], maxFileBytes: limit }
const image = Buffer.from('\x89PNG image bytes', 'latin1')
const base64 = image.toString('base64')

const memory = () => createReceiving({ limitBytes: 2 ** 30 }).open()

const post = (body: RequestInit['body'], type?: string, headers: Record<string, string> = {}) => {
  const request = new Request('http://gateway/v1/ocr', { method: 'POST', body: body ?? null })
  // Strings would get a type of their own.
  request.headers.delete('content-type')
  if (type !== undefined) request.headers.set('content-type', type)
  for (const [name, value] of Object.entries(headers)) request.headers.set(name, value)
  return readSubmission(request, rules, memory())
}
const postJson = (value: unknown, type = 'application/json') => post(JSON.stringify(value), type)

const refused = (kind: string, message = /./) => ({ name: 'OcrError', kind, message })

describe('readSubmission', () => {
  it('takes a form', async () => {
    const body = new FormData()
    body.append('lang', 'deu')
    body.append('file', new Blob([image]))
    const request = new Request('http://gateway/v1/ocr', { method: 'POST', body })
    const { file, values } = await readSubmission(request, rules, memory())
    assert.deepEqual(Buffer.from(file), image)
    assert.deepEqual(values, { lang: 'deu' })
  })

  for (const type of [
    'image/png',
    'image/x-whatever',
    'IMAGE/PNG ; q=1',
    'application/pdf',
    'application/octet-stream',
    'application/x-www-form-urlencoded',
    '',
    undefined,
  ]) {
    it(`takes the body as the file when its type is ${type ?? 'not said'}`, async () => {
      const { file, values } = await post(image, type)
      assert.deepEqual(Buffer.from(file), image)
      assert.deepEqual(values, {})
    })
  }

  for (const type of [
    'text/plain',
    'image/',
    'application/xml',
    'multipart/mixed',
    'json',
    '*/*',
  ]) {
    it(`refuses a body of type ${type} and names what there is`, async () => {
      const message = /multipart\/form-data .* "file", application\/json .* image\/png, .*pdf\.$/
      await assert.rejects(post(image, type), refused('unsupported_media', message))
    })
  }

  it('takes an empty body, for the model to refuse', async () => {
    assert.equal((await post(null)).file.length, 0)
  })

  it('takes a compressed file, and no other encoding', async () => {
    const compressed = await post(gzipSync(image), 'image/png', { 'content-encoding': 'gzip' })
    assert.deepEqual(Buffer.from(compressed.file), image)
    const other = post(image, 'image/png', { 'content-encoding': 'compress' })
    await assert.rejects(other, refused('unsupported_media'))
  })

  it('takes a body of exactly the limit and refuses one byte more', async () => {
    assert.equal((await post(Buffer.alloc(limit))).file.length, limit)
    await assert.rejects(post(Buffer.alloc(limit + 1)), refused('payload_too_large'))
    const bomb = gzipSync(Buffer.alloc(limit + 1))
    const gzip = { 'content-encoding': 'gzip' }
    await assert.rejects(post(bomb, 'image/png', gzip), refused('payload_too_large'))
  })
})

describe('readSubmission, of JSON', () => {
  it('takes the file as base64, and all else as it is', async () => {
    const { file, values } = await postJson({ file: base64, psm: 99, lang: null, other: [] })
    assert.deepEqual(Buffer.from(file), image)
    assert.deepEqual(values, { psm: 99, lang: null, other: [] })
  })

  for (const [how, text, type] of [
    ['a data URL of a browser', `data:image/png;base64,${base64}`, 'application/json'],
    ['a data URL without a type', `data:;base64,${base64}`, 'application/json'],
    ['base64 in lines', `${base64.slice(0, 4)}\r\n${base64.slice(4)}\n`, 'application/json'],
    ['base64 without padding', base64.replaceAll('=', ''), 'application/json; charset=utf-8'],
  ] as const) {
    it(`takes ${how}`, async () => {
      assert.deepEqual(Buffer.from((await postJson({ file: text }, type)).file), image)
    })
  }

  it('takes an empty file, for the model to refuse', async () => {
    assert.equal((await postJson({ file: '' })).file.length, 0)
  })

  it('takes a file of exactly the limit and refuses one byte more', async () => {
    const sized = (bytes: number) => ({ file: Buffer.alloc(bytes).toString('base64') })
    assert.equal((await postJson(sized(limit))).file.length, limit)
    await assert.rejects(postJson(sized(limit + 1)), refused('payload_too_large'))
  })

  it('refuses a body with more than 64 KiB beside the file', async () => {
    const beside = (bytes: number) => ({ file: base64, lang: 'x'.repeat(bytes) })
    const { values } = await postJson(beside(60_000))
    assert.deepEqual(values, { lang: 'x'.repeat(60_000) })
    await assert.rejects(postJson(beside(70_000)), refused('payload_too_large'))
  })

  for (const value of [base64, [base64], null, 7, {}, { image: base64 }]) {
    it(`refuses ${JSON.stringify(value)} and says what is wanted`, async () => {
      const message = /^The JSON must be an object with the file as base64 in "file"\.$/
      await assert.rejects(postJson(value), refused('invalid_request', message))
    })
  }

  for (const file of ['not base64!', 'a', 7, null, [base64], { b64: base64 }, 'data:image/png,x']) {
    it(`refuses the file ${JSON.stringify(file)}`, async () => {
      const message = /^"file" is not valid base64\.$/
      await assert.rejects(postJson({ file }), refused('invalid_request', message))
    })
  }

  it('refuses what is no JSON, and a file that would have to be inherited', async () => {
    const notJson = refused('invalid_request', /not valid JSON/)
    await assert.rejects(post('{"file":', 'application/json'), notJson)
    await assert.rejects(post(Buffer.from([0xff]), 'application/json'), notJson)
    const inherited = `{"__proto__":{"file":"${base64}"}}`
    await assert.rejects(post(inherited, 'application/json'), refused('invalid_request', /"file"/))
  })
})
