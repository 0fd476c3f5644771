import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { problemSchema } from '../../contract/answers.ts'
import { fileIn, formIn, gateway } from '../fixtures/gateway.ts'

const base64 = Buffer.from('image bytes').toString('base64')
const jsonIn = (value: object): RequestInit => ({
  method: 'POST',
  body: JSON.stringify({ file: base64, ...value }),
  headers: { 'content-type': 'application/json' },
})

/** What cannot be read without that being noticed. */
const unreadable = () =>
  new ReadableStream({ pull: (controller) => controller.error(new Error('it was read')) })

async function problemOf(response: Response) {
  const problem = problemSchema.parse(await response.json())
  assert.equal(problem.status, response.status)
  return problem
}

describe('the options of POST /v1/ocr', () => {
  for (const [where, path, init] of [
    ['the query', '/v1/ocr?lang=deu+eng&psm=6&rotate=auto', fileIn()],
    ['fields of the form', '/v1/ocr', formIn({ lang: 'deu+eng', psm: '6', rotate: 'auto' })],
    ['the JSON', '/v1/ocr', jsonIn({ lang: 'deu+eng', psm: 6, rotate: 'auto' })],
    ['both', '/v1/ocr?lang=deu%2Beng&rotate=auto', jsonIn({ psm: '6' })],
  ] as const) {
    it(`are taken from ${where}`, async () => {
      const { request, asked } = gateway()
      assert.equal((await request(path, init)).status, 200)
      assert.deepEqual(
        asked.map(({ request }) => request.options),
        [{ lang: 'deu+eng', psm: 6, rotate: 'auto' }],
      )
      assert.equal(Buffer.from(asked[0]?.request.image ?? []).toString(), 'image bytes')
    })
  }

  it('beside the file win over those in the query', async () => {
    for (const init of [formIn({ psm: '4', format: 'text' }), jsonIn({ psm: 4, format: 'text' })]) {
      const { request, asked } = gateway()
      const response = await request('/v1/ocr?psm=6&format=tsv', init)
      assert.equal(response.headers.get('content-type'), 'text/plain; charset=utf-8')
      assert.deepEqual(asked[0]?.request.options, { psm: 4 })
    }
  })

  for (const [query, message] of [
    ['psm=99', /^psm must be one of 1, 3/],
    ['format=docx', /^format must be one of json, text/],
    ['detail=all', /^detail must be one of text, lines, words/],
    ['language=deu', /^Unknown option "language"\. The options are lang, /],
    ['__proto__=x', /^Unknown option "__proto__"/],
  ] as const) {
    it(`with ${query} in the query are refused before the body is read`, async () => {
      for (const path of ['/v1/ocr', '/gateway/ocr']) {
        const { request, asked } = gateway()
        const init = { ...fileIn({}, unreadable()), duplex: 'half' as const }
        const response = await request(`${path}?${query}`, init)
        assert.equal(response.status, 400)
        assert.match((await problemOf(response)).detail, message)
        assert.deepEqual(asked, [])
      }
    })
  }

  for (const [where, init, message] of [
    ['form', formIn({ psm: '99' }), /^psm must be one of 1, 3/],
    ['form', formIn({ language: 'deu' }), /"language" is not one of these: .*the options lang, /],
    ['JSON', jsonIn({ psm: 99 }), /^psm must be one of 1, 3/],
    ['JSON', jsonIn({ lang: null }), /^lang must be up to 8 language names/],
    ['JSON', jsonIn({ language: 'deu' }), /^Unknown option "language"\. The options are lang, /],
  ] as const) {
    it(`in the ${where} are refused by ${message}`, async () => {
      const { request, asked } = gateway()
      const response = await request('/v1/ocr', init)
      assert.equal(response.status, 400)
      assert.match((await problemOf(response)).detail, message)
      assert.deepEqual(asked, [])
    })
  }

  it('leave the model to say that a file is empty', async () => {
    const { request, asked } = gateway()
    await request('/v1/ocr', fileIn({}, ''))
    assert.equal(asked[0]?.request.image.length, 0)
  })
})

describe('the body of POST /v1/ocr', () => {
  it('is refused by its media type, and what there is is named', async () => {
    const { request, asked } = gateway()
    const response = await request('/v1/ocr', fileIn({ 'content-type': 'text/plain' }))
    assert.equal(response.status, 415)
    const { code, detail } = await problemOf(response)
    assert.equal(code, 'unsupported_media')
    assert.match(detail, /multipart\/form-data .*"file".*image\/png/)
    assert.deepEqual(asked, [])
  })

  it('is taken up to the limit, and refused beyond it', async () => {
    const { request, asked } = gateway({ maxUploadBytes: 1000 })
    assert.equal((await request('/v1/ocr', fileIn({}, 'x'.repeat(1000)))).status, 200)
    const response = await request('/v1/ocr', fileIn({}, 'x'.repeat(1001)))
    assert.equal(response.status, 413)
    assert.equal((await problemOf(response)).code, 'payload_too_large')
    assert.equal(asked.length, 1)
  })
})
