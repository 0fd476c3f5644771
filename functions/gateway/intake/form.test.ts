import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createReceiving } from '../../platform/receiving.ts'
import { type FormRules, readForm as readMeteredForm } from './form.ts'

const limit = 1000
const url = 'http://gateway/v1/ocr'
const rules: FormRules = { fileField: 'file', optionNames: ['lang', 'psm'], maxFileBytes: limit }
const roomy = { ...rules, maxFileBytes: 20_000_000 }

const readForm = (request: Request, rules: FormRules, limitBytes = 2 ** 30) => {
  const receiving = createReceiving({ limitBytes })
  return readMeteredForm(request, rules, receiving.open())
}

/** A form as a browser sends it. */
function form(fields: Record<string, string | Blob>): Request {
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.append(name, value)
  return new Request(url, { method: 'POST', body })
}

/** A body that claims to be a form. */
const raw = (body: string, type = 'multipart/form-data; boundary=b') =>
  new Request(url, { method: 'POST', body, headers: { 'content-type': type } })

const file = new Blob(['image bytes'], { type: 'image/png' })
const part = (headers: string, content = 'x') => `--b\r\n${headers}\r\n\r\n${content}\r\n`
const field = (name: string, content: string) =>
  part(`Content-Disposition: form-data; name="${name}"`, content)
const filePart = part('Content-Disposition: form-data; name="file"; filename="a.png"')

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString()

describe('readForm', () => {
  it('takes as much as there is room for, and no more', async () => {
    const bytes = 64 * 1024
    const upload = () => form({ file: new Blob(['x'.repeat(bytes)]) })
    const { file } = await readForm(upload(), roomy, bytes + 1000)
    assert.equal(file.length, bytes)
    await assert.rejects(readForm(upload(), roomy, bytes), { kind: 'overloaded' })
  })

  it('refuses one that is compressed', async () => {
    const request = form({ file })
    request.headers.set('content-encoding', 'gzip')
    await assert.rejects(readForm(request, rules), { kind: 'unsupported_media' })
  })

  it('takes the file in its field, whatever its name and type', async () => {
    const odd = new File(['image bytes'], '../../etc/passwd', { type: 'text/html' })
    for (const image of [file, odd]) {
      const submission = await readForm(form({ file: image }), rules)
      assert.equal(textOf(submission.file), 'image bytes')
      assert.deepEqual(submission.values, {})
    }
  })

  it('takes the file in whichever field the rules say', async () => {
    const ofOld = { ...rules, fileField: 'image_file' }
    assert.equal(textOf((await readForm(form({ image_file: file }), ofOld)).file), 'image bytes')
    await assert.rejects(readForm(form({ file }), ofOld), { kind: 'invalid_request' })
    await assert.rejects(readForm(form({ image_file: file }), rules), { kind: 'invalid_request' })
  })

  it('takes a file that was sent without a name', async () => {
    const { file } = await readForm(raw(`${field('file', 'image bytes')}--b--`), rules)
    assert.equal(textOf(file), 'image bytes')
  })

  it('takes the other fields as they are, before the file or after it', async () => {
    for (const fields of [
      { psm: '99', lang: 'eng deu', file },
      { file, lang: 'eng deu', psm: '99' },
    ]) {
      const { values } = await readForm(form(fields), rules)
      assert.deepEqual(values, { psm: '99', lang: 'eng deu' })
    }
  })

  it('takes an empty file, for the model to refuse', async () => {
    assert.equal((await readForm(form({ file: new Blob([]) }), rules)).file.length, 0)
  })

  it('takes a file of exactly the limit and refuses one byte more', async () => {
    const sized = (bytes: number) => form({ file: new Blob(['x'.repeat(bytes)]) })
    assert.equal((await readForm(sized(limit), rules)).file.length, limit)
    await assert.rejects(readForm(sized(limit + 1), rules), { kind: 'payload_too_large' })
  })

  it('refuses an announced length beyond the limit before a byte is read', async () => {
    const body = new ReadableStream(
      { pull: () => assert.fail('the body was read') },
      { highWaterMark: 0 },
    )
    const headers = {
      'content-type': 'multipart/form-data; boundary=b',
      'content-length': String(limit + 65_537),
    }
    const request = new Request(url, { method: 'POST', body, headers, duplex: 'half' })
    await assert.rejects(readForm(request, rules), { kind: 'payload_too_large' })
  })

  it('takes a field of exactly 4096 bytes and refuses one byte more', async () => {
    const sized = (bytes: number) => raw(`${field('lang', 'x'.repeat(bytes))}${filePart}--b--`)
    assert.equal((await readForm(sized(4096), roomy)).values['lang'], 'x'.repeat(4096))
    await assert.rejects(readForm(sized(4097), roomy), { kind: 'invalid_request' })
  })

  it('takes 20 parts and refuses one more', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `option${index}`)
    const wide = { ...rules, optionNames: names }
    const many = (count: number) =>
      raw(
        `${names
          .slice(0, count)
          .map((name) => field(name, '6'))
          .join('')}${filePart}--b--`,
      )
    assert.equal(Object.keys((await readForm(many(19), wide)).values).length, 19)
    await assert.rejects(readForm(many(20), wide), {
      kind: 'invalid_request',
      message: /not valid/,
    })
  })

  for (const [problem, request] of [
    ['no boundary', () => raw(filePart, 'multipart/form-data')],
    ['another boundary', () => raw(`${filePart}--b--`, 'multipart/form-data; boundary=c')],
    ['a form that ends early', () => raw(filePart)],
    ['an empty body', () => raw('')],
    ['no body', () => new Request(url, { method: 'POST' })],
    ['the wrong field name', () => form({ image: file })],
    ['no file', () => form({ psm: '6' })],
    ['an option that is there twice', () => raw(`${field('psm', '6').repeat(2)}${filePart}--b--`)],
    ['two files', () => raw(`${filePart}${filePart}--b--`)],
    ['a file in the field of an option', () => form({ file, lang: file })],
    ['a field that is no option', () => form({ file, tessdata: '/tmp' })],
    ['a header of 5 KB', () => raw(`${part(`X: ${'x'.repeat(5000)}`)}--b--`)],
    ['120,000 parts', () => raw(`${field('psm', '6').repeat(120_000)}--b--`)],
  ] as const) {
    it(`refuses ${problem}`, async () => {
      const expected = { name: 'OcrError', kind: 'invalid_request' }
      await assert.rejects(readForm(request(), roomy), expected)
    })
  }

  it('names the field of the file and the options there are', async () => {
    await assert.rejects(readForm(form({ psm: '6' }), rules), {
      message: 'The form has no file in the field "file".',
    })
    await assert.rejects(readForm(form({ image: file }), rules), {
      message:
        'The field "image" is not one of these: one file in "file" and the options lang, psm.',
    })
  })

  it('reads a form however it is cut into chunks, and ignores what follows its end', async () => {
    const bytes = Buffer.from(`${filePart}--b--\r\nepilogue`)
    for (let cut = 1; cut < bytes.length; cut++) {
      const body = ReadableStream.from([bytes.subarray(0, cut), bytes.subarray(cut)])
      const headers = { 'content-type': 'multipart/form-data; boundary=b' }
      const request = new Request(url, { method: 'POST', body, headers, duplex: 'half' })
      assert.equal(textOf((await readForm(request, rules)).file), 'x')
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
      await assert.rejects(readForm(new Request(url, init), rules), { kind: 'invalid_request' })
    })
  }

  it('takes a boundary of 70 characters and refuses one more', async () => {
    const bounded = (length: number) => {
      const boundary = 'b'.repeat(length)
      const body = filePart.replace('--b', `--${boundary}`)
      return raw(`${body}--${boundary}--`, `multipart/form-data; boundary=${boundary}`)
    }
    assert.equal(textOf((await readForm(bounded(70), rules)).file), 'x')
    await assert.rejects(readForm(bounded(71), rules), { message: /more than 70 characters/ })
  })

  it('never repeats what the form held', async () => {
    await assert.rejects(readForm(form({ '<script>': file }), rules), (error: Error) => {
      return !error.message.includes('script')
    })
  })
})
