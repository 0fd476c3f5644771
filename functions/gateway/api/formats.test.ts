import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { answerFormats, details, formats } from '../../contract/answer-formats.ts'
import { answerSchemas, problemSchema } from '../../contract/answers.ts'
import { altoOf } from '../../contract/formats/alto.ts'
import { hocrOf } from '../../contract/formats/hocr.ts'
import { tsvOf } from '../../contract/formats/tsv.ts'
import { createAnswerMemory, shortBytes } from '../../platform/answer-memory.ts'
import { answering, fileIn, formIn, gateway, reading } from '../fixtures/gateway.ts'
import { resultOf } from '../fixtures/results.ts'

const { document, timings } = resultOf([1, 2])
const pdf = Buffer.from('%PDF-1.7 \0\xff', 'latin1')

const readingWithPdf = answering(async () => ({ document, timings, pdf }))

/** Every format that is no stream: its own name, and what of the document it is. */
const wholes = [
  ['json', 'application/json', JSON.stringify({ ...document, timings })],
  ['text', 'text/plain; charset=utf-8', `${document.text}\n`],
  ['hocr', 'text/vnd.hocr+html; charset=utf-8', hocrOf(document)],
  ['tsv', 'text/tab-separated-values; charset=utf-8', tsvOf(document)],
  ['alto', 'application/alto+xml', altoOf(document)],
  ['pdf', 'application/pdf', pdf],
] as const

describe('POST /v1/ocr', () => {
  for (const [format, contentType, body] of wholes) {
    for (const [how, path, accept] of [
      ['the option', `/v1/ocr?format=${format}`, 'image/png'],
      ['Accept', '/v1/ocr', answerFormats[format].mediaTypes[0]],
    ] as const) {
      it(`answers in ${format} by ${how}`, async () => {
        const { request, asked } = gateway({ recognize: readingWithPdf })
        const response = await request(path, fileIn({ accept }))
        assert.equal(response.status, 200)
        assert.equal(response.headers.get('content-type'), contentType)
        assert.deepEqual(Buffer.from(await response.arrayBuffer()), Buffer.from(body))
        assert.equal(asked[0]?.request.withPdf, format === 'pdf')
      })
    }
  }

  it('answers at length, in every format, while there is memory for that', async () => {
    const pages = Array.from({ length: 2_000 }, (_, index) => index + 1)
    const long = { ...resultOf(pages), pdf: Buffer.alloc(shortBytes + 1, 'x') }
    const answers = createAnswerMemory({ limitBytes: 4 * 2 ** 20 })
    const { request } = gateway({ recognize: answering(async () => long), answers })
    let counted = 0
    for (const [format] of wholes) {
      const response = await request(`/v1/ocr?format=${format}`, fileIn())
      const { length } = await response.bytes()
      assert.equal(response.headers.get('content-length'), length > shortBytes ? `${length}` : null)
      counted += length > shortBytes ? length : 0
      assert.equal(answers.heldBytes, counted)
    }
    answers.open().hold(answers.limitBytes - counted)
    const response = await request('/v1/ocr?format=json', fileIn())
    assert.equal(response.status, 429)
    assert.equal(response.headers.get('retry-after'), '2')
    assert.match(problemSchema.parse(await response.json()).detail, /holds too many long answers/)
    // A short one needs none.
    assert.equal((await request('/v1/ocr?format=text', fileIn())).status, 200)
  })

  for (const format of formats) {
    for (const mediaType of answerFormats[format].mediaTypes.slice(1)) {
      it(`answers in ${format} under the name ${mediaType} when it is asked for by that`, async () => {
        const response = await gateway().request('/v1/ocr', fileIn({ accept: mediaType }))
        assert.equal(response.headers.get('content-type')?.split(';')[0], mediaType)
        // The request has its time until its last byte has been taken.
        await response.arrayBuffer()
      })
    }
  }

  for (const format of formats) {
    const tells = format === 'json' || format === 'ndjson'
    it(`asks for ${tells ? 'pictures' : 'no pictures'} to answer in ${format}`, async () => {
      const { request, asked } = gateway({ recognize: readingWithPdf })
      const response = await request(`/v1/ocr?pictures=true&format=${format}`, fileIn())
      await response.arrayBuffer()
      assert.equal(asked[0]?.request.options.pictures, tells || undefined)
    })
  }

  for (const detail of details) {
    it(`answers with the detail ${detail}, and no more`, async () => {
      const { request } = gateway({ recognize: reading(2) })
      const response = await request(`/v1/ocr?detail=${detail}`, fileIn())
      const answer = await response.json()
      assert.deepEqual(answerSchemas[detail].parse(answer), answer)
      assert.equal(answerSchemas[detail].parse(answer).pages.length, 2)
    })
  }

  it('answers with every word when nothing is said', async () => {
    const answer = await (await gateway().request('/v1/ocr', fileIn())).json()
    assert.deepEqual(answerSchemas.words.parse(answer), answer)
  })

  it('says that the answer depends on Accept, in an error as well', async () => {
    const { request } = gateway()
    for (const init of [fileIn(), fileIn({ accept: 'image/png' }), fileIn({ accept: 'text/*' })]) {
      assert.equal((await request('/v1/ocr', init)).headers.get('vary'), 'Accept')
    }
  })

  it('refuses a format that there is not, by naming those there are', async () => {
    const { request, asked } = gateway()
    const response = await request('/v1/ocr', fileIn({ accept: 'image/png' }))
    assert.equal(response.status, 406)
    const { code, detail } = problemSchema.parse(await response.json())
    assert.equal(code, 'not_acceptable')
    for (const format of formats) assert.ok(detail.includes(answerFormats[format].mediaTypes[0]))
    assert.deepEqual(asked, [])
  })

  it('tells where the time went, and whether every page is there', async () => {
    const { request } = gateway({ recognize: reading(2) })
    for (const format of ['json', 'text']) {
      const { headers } = await request(`/v1/ocr?format=${format}`, fileIn())
      const steps =
        /^queue;dur=0.2, decode;dur=8.4, recognize;dur=63, parse;dur=0.8, total;dur=[\d.]+$/
      assert.match(headers.get('server-timing') ?? '', steps)
      assert.equal(headers.get('ocr-complete'), 'true')
    }
  })

  it('tells in a header when a page is missing, for formats that cannot', async () => {
    const incomplete = { document: { ...document, complete: false }, timings }
    const { request } = gateway({ recognize: answering(async () => incomplete) })
    const response = await request('/v1/ocr', fileIn())
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('ocr-complete'), 'false')
  })
})

describe('POST /gateway/ocr', () => {
  it('answers in JSON whatever Accept says, as it did before there were formats', async () => {
    const { request } = gateway({ recognize: reading(2) })
    for (const accept of ['text/plain', 'image/png', 'application/pdf', '*/*']) {
      const { body = null } = formIn({}, 'image_file')
      const response = await request('/gateway/ocr', { method: 'POST', body, headers: { accept } })
      assert.equal(response.status, 200)
      assert.equal(response.headers.get('content-type'), 'application/json')
      assert.equal(response.headers.get('vary'), null)
      assert.deepEqual(await response.json(), { ...document, timings })
    }
  })

  it('answers in another format by the option', async () => {
    const { request } = gateway({ recognize: reading(2) })
    for (const response of [
      await request('/gateway/ocr?format=tsv', formIn({}, 'image_file')),
      await request('/gateway/ocr', formIn({ format: 'tsv' }, 'image_file')),
    ]) {
      assert.equal(response.headers.get('content-type'), wholes[3][1])
      assert.equal(await response.text(), tsvOf(document))
    }
  })

  it('wants the file where it was wanted before', async () => {
    const response = await gateway().request('/gateway/ocr', formIn({}, 'file'))
    assert.equal(response.status, 400)
    assert.match(problemSchema.parse(await response.json()).detail, /"image_file"/)
  })
})
