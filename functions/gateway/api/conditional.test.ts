import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { failedPage, page } from '../../contract/formats/fixtures/document.ts'
import type { OcrDocument } from '../../contract/ocr.ts'
import {
  answering,
  failing,
  fileIn,
  gateway,
  modelFacts,
  reading,
  unavailable,
} from '../fixtures/gateway.ts'
import { engine, resultOf } from '../fixtures/results.ts'
import type { Recognize } from '../recognize.ts'

const { request, asked } = gateway({ recognize: reading(2) })
const etagOf = async (path: string, init = fileIn()) => {
  const response = await request(path, init)
  assert.equal(response.status, 200, path)
  return response.headers.get('etag')
}

const having = (change: Partial<OcrDocument>): Recognize =>
  answering(async () => {
    const { document, timings } = resultOf([1, 2])
    return { document: { ...document, ...change }, timings }
  })

describe('the ETag of an answer', () => {
  it('is the same for the same request', async () => {
    const etag = await etagOf('/v1/ocr?psm=6&lang=eng')
    assert.match(etag ?? '', /^W\/"[\w-]+"$/)
    assert.equal(await etagOf('/v1/ocr?lang=eng&psm=6'), etag)
  })

  it('is another one for other bytes, options, formats, details and engines', async () => {
    const newer = { ...engine, version: '5.4.0' }
    const updated = gateway({ recognize: having({ engine: newer }) })
    const etags = [
      await etagOf('/v1/ocr'),
      await etagOf('/v1/ocr', fileIn({}, 'image Bytes')),
      await etagOf('/v1/ocr?psm=6'),
      await etagOf('/v1/ocr?detail=text'),
      await etagOf('/v1/ocr?format=text'),
      await etagOf('/v1/ocr', fileIn({ accept: 'text/tab-separated-values' })),
      (await updated.request('/v1/ocr', fileIn())).headers.get('etag'),
      (await gateway({ version: '2' }).request('/v1/ocr', fileIn())).headers.get('etag'),
    ]
    assert.ok(etags.every((etag) => etag !== null))
    assert.equal(new Set(etags).size, etags.length)
  })

  it('is the same for the format by the option and by Accept', async () => {
    const byAccept = await etagOf('/v1/ocr', fileIn({ accept: 'text/plain' }))
    assert.equal(await etagOf('/v1/ocr?format=text'), byAccept)
  })

  for (const [what, change] of Object.entries({
    'a page is missing': { pages: [page(), failedPage(2)], complete: false },
    'there was no time to read again': {
      warnings: [{ code: 'not_improved', message: 'No time.', page: 1 }],
    },
  })) {
    it(`is not there when ${what}`, async () => {
      const response = await gateway({ recognize: having(change) }).request('/v1/ocr', fileIn())
      assert.equal(response.status, 200)
      assert.equal(response.headers.get('etag'), null)
    })
  }

  it('is not there with an error', async () => {
    const { request } = gateway({ recognize: failing(unavailable) })
    assert.equal((await request('/v1/ocr', fileIn())).headers.get('etag'), null)
  })
})

describe('If-None-Match', () => {
  it('gives 304 without a body, and nothing is read', async () => {
    for (const path of ['/v1/ocr', '/v1/ocr?format=tsv&psm=6', '/v1/ocr?format=pdf']) {
      const etag = (await etagOf(path)) ?? ''
      const before = asked.length
      for (const known of [etag, etag.replace('W/', ''), `"other", ${etag}`]) {
        const response = await request(path, fileIn({ 'if-none-match': known }))
        assert.equal(response.status, 304)
        assert.equal(await response.text(), '')
        assert.equal(response.headers.get('etag'), etag)
        assert.equal(response.headers.get('vary'), 'Accept')
        assert.equal(response.headers.get('content-type'), null)
      }
      assert.equal(asked.length, before)
    }
  })

  it('gives the answer when it names another one', async () => {
    const other = (await etagOf('/v1/ocr?psm=6')) ?? ''
    for (const known of [other, '*', '"x"', '']) {
      const etag = await etagOf('/v1/ocr', fileIn({ 'if-none-match': known }))
      assert.match(etag ?? '', /^W\//)
    }
  })

  it('gives the answer when the engine that would read is another one', async () => {
    const etag = (await etagOf('/v1/ocr')) ?? ''
    for (const change of [{ version: '5.4.0' }, { data: { eng: '4.1' } }]) {
      const engineFor = async () => ({ ...engine, ...change })
      const updated = gateway({ modelFacts: { ...modelFacts, engineFor } })
      const response = await updated.request('/v1/ocr', fileIn({ 'if-none-match': etag }))
      assert.equal(response.status, 200)
    }
  })

  it('asks for the engine of the language that is asked for', async () => {
    const langs: unknown[] = []
    const engineFor: typeof modelFacts.engineFor = async (lang) => {
      langs.push(lang)
      return engine
    }
    const { request } = gateway({ modelFacts: { ...modelFacts, engineFor } })
    await request('/v1/ocr', fileIn())
    assert.deepEqual(langs, [])
    const init = fileIn({ 'if-none-match': '"x"' })
    await request('/v1/ocr', init)
    await request('/v1/ocr?lang=deu', init)
    assert.deepEqual(langs, [undefined, 'deu'])
  })

  it('holds a place while the engine is asked for, and no longer', async () => {
    const etag = (await etagOf('/v1/ocr')) ?? ''
    const seen: number[] = []
    const watched = gateway({
      modelFacts: {
        ...modelFacts,
        engineFor: async () => {
          seen.push(watched.admission.admitted, watched.held.visits)
          return engine
        },
      },
    })
    const response = await watched.request('/v1/ocr', fileIn({ 'if-none-match': etag }))
    assert.equal(response.status, 304)
    assert.deepEqual(seen, [1, 1])
    assert.deepEqual([watched.admission.admitted, watched.held.visits], [0, 0])
  })
})
