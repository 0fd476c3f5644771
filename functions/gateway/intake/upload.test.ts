import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readUpload } from './upload.ts'

const limit = 1000
const url = 'http://gateway/gateway/ocr'

/** A form as a browser sends it. */
function form(fields: Record<string, string | Blob>, query = ''): Request {
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.append(name, value)
  return new Request(url + query, { method: 'POST', body })
}

/** A body that claims to be a form. */
const raw = (body: string, type = 'multipart/form-data; boundary=b') =>
  new Request(url, { method: 'POST', body, headers: { 'content-type': type } })

const file = new Blob(['image bytes'], { type: 'image/png' })
const part = (headers: string, content = 'x') => `--b\r\n${headers}\r\n\r\n${content}\r\n`
const filePart = part('Content-Disposition: form-data; name="image_file"; filename="a.png"')

describe('readUpload', () => {
  it('takes the file in image_file, whatever its name and type', async () => {
    const odd = new File(['image bytes'], '../../etc/passwd', { type: 'text/html' })
    for (const image of [file, odd]) {
      const request = await readUpload(form({ image_file: image }), limit)
      assert.equal(Buffer.from(request.image).toString(), 'image bytes')
      assert.deepEqual(request.options, {})
    }
  })

  it('takes options from fields and from the query', async () => {
    const fields = { psm: '6', image_file: file }
    const { options } = await readUpload(form(fields, '?lang=deu'), limit)
    assert.deepEqual(options, { psm: 6, lang: 'deu' })
  })

  it('takes an empty file, for the model to refuse', async () => {
    const { image } = await readUpload(form({ image_file: new Blob([]) }), limit)
    assert.equal(image.length, 0)
  })

  it('takes a file of exactly the limit and refuses one byte more', async () => {
    const sized = (bytes: number) => form({ image_file: new Blob(['x'.repeat(bytes)]) })
    assert.equal((await readUpload(sized(limit), limit)).image.length, limit)
    await assert.rejects(readUpload(sized(limit + 1), limit), { kind: 'payload_too_large' })
  })

  it('refuses an announced length beyond the limit before a byte is read', async () => {
    const body = new ReadableStream(
      { pull: () => assert.fail('the body was read') },
      { highWaterMark: 0 },
    )
    const headers = {
      'content-type': 'multipart/form-data; boundary=b',
      'content-length': String(22 * 2 ** 20),
    }
    const request = new Request(url, { method: 'POST', body, headers, duplex: 'half' })
    await assert.rejects(readUpload(request, limit), { kind: 'payload_too_large' })
  })

  for (const [problem, kind, request] of [
    ['no form', 'unsupported_media', () => raw('{}', 'application/json')],
    ['no type', 'unsupported_media', () => new Request(url, { method: 'POST' })],
    ['no boundary', 'invalid_request', () => raw(filePart, 'multipart/form-data')],
    [
      'another boundary',
      'invalid_request',
      () => raw(`${filePart}--b--`, 'multipart/form-data; boundary=c'),
    ],
    ['a form that ends early', 'invalid_request', () => raw(filePart)],
    ['an empty body', 'invalid_request', () => raw('')],
    ['the wrong field name', 'invalid_request', () => form({ file })],
    ['no file', 'invalid_request', () => form({ psm: '6' })],
    ['two files', 'invalid_request', () => raw(`${filePart}${filePart}--b--`)],
    ['an unknown option', 'invalid_request', () => form({ image_file: file, tessdata: '/tmp' })],
    ['a bad option', 'invalid_request', () => form({ image_file: file, psm: '99' })],
    [
      'an option of 5 KB',
      'invalid_request',
      () => raw(`${part('Content-Disposition: form-data; name="lang"', 'x'.repeat(5000))}--b--`),
    ],
    ['a header of 5 KB', 'invalid_request', () => raw(`${part(`X: ${'x'.repeat(5000)}`)}--b--`)],
    [
      '21 parts',
      'invalid_request',
      () => raw(`${part('Content-Disposition: form-data; name="psm"', '6').repeat(21)}--b--`),
    ],
    [
      '120,000 parts',
      'invalid_request',
      () => raw(`${part('Content-Disposition: form-data; name="psm"', '6').repeat(120_000)}--b--`),
    ],
  ] as const) {
    it(`refuses ${problem}`, async () => {
      await assert.rejects(readUpload(request(), 20_000_000), { name: 'OcrError', kind })
    })
  }

  it('reads a form however it is cut into chunks, and ignores what follows its end', async () => {
    const bytes = Buffer.from(`${filePart}--b--\r\nepilogue`)
    for (let cut = 1; cut < bytes.length; cut++) {
      const body = ReadableStream.from([bytes.subarray(0, cut), bytes.subarray(cut)])
      const headers = { 'content-type': 'multipart/form-data; boundary=b' }
      const request = new Request(url, { method: 'POST', body, headers, duplex: 'half' })
      assert.equal(Buffer.from((await readUpload(request, limit)).image).toString(), 'x')
    }
  })

  for (const [problem, headers] of [
    ['name', 'Content-Disposition: form-data; name="lang"; filename="r\xe9.png"'],
    ['value', 'Content-Disposition: form-data; name="lang"'],
  ] as const) {
    it(`refuses a ${problem} that is not UTF-8`, async () => {
      const body = Buffer.from(`${part(headers, '\xe9')}--b--`, 'latin1')
      const type = 'multipart/form-data; boundary=b'
      const init = { method: 'POST', body, headers: { 'content-type': type } }
      await assert.rejects(readUpload(new Request(url, init), limit), { kind: 'invalid_request' })
    })
  }

  it('refuses a boundary of more than 70 characters', async () => {
    const boundary = 'b'.repeat(71)
    const form = raw('x', `multipart/form-data; boundary=${boundary}`)
    await assert.rejects(readUpload(form, limit), { message: /more than 70 characters/ })
  })

  it('never repeats what the form held', async () => {
    await assert.rejects(readUpload(form({ '<script>': file }), limit), (error: Error) => {
      return !error.message.includes('script')
    })
  })
})
