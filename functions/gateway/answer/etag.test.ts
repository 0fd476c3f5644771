import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { document, failedPage, page } from '../../contract/formats/fixtures/document.ts'
import type { OcrOptions } from '../../contract/options.ts'
import { digestOf, etagOf, isFinal, tagIn } from './etag.ts'
import type { Wanted } from './negotiate.ts'

const engine = { version: '5.3.0', data: { deu: '4.0.0', eng: '4.1.0' } }
const wanted: Wanted = {
  format: 'json',
  contentType: 'application/json',
  detail: 'words',
  options: { lang: 'eng+deu', psm: 6 },
  notify: false,
  async: false,
}
const file = (text: string) => digestOf(Buffer.from(text))
const source = { digest: file('a file'), wanted, version: '1.2.3' }
const wanting = (change: Partial<Wanted>) => ({ ...source, wanted: { ...wanted, ...change } })
const withOptions = (options: OcrOptions) => wanting({ options })

describe('etagOf', () => {
  it('is a weak tag, since the times in an answer differ', async () => {
    assert.match(await etagOf(source, engine), /^W\/"[\w-]{43}"$/)
  })

  it('is the same for the same, in whatever order it was said', async () => {
    const tag = await etagOf(source, engine)
    assert.equal(await etagOf({ ...source, digest: file('a file') }, engine), tag)
    assert.equal(await etagOf(withOptions({ psm: 6, lang: 'eng+deu' }), engine), tag)
    const data = { eng: '4.1.0', deu: '4.0.0' }
    assert.equal(await etagOf(source, { version: '5.3.0', data }), tag)
  })

  it('is another one for anything that makes another answer', async () => {
    const tags = await Promise.all([
      etagOf(source, engine),
      etagOf({ ...source, digest: file('a File') }, engine),
      etagOf({ ...source, digest: file('') }, engine),
      etagOf(wanting({ format: 'tsv' }), engine),
      etagOf(wanting({ detail: 'lines' }), engine),
      etagOf(withOptions({}), engine),
      etagOf(withOptions({ lang: 'eng+deu' }), engine),
      etagOf(withOptions({ lang: 'deu+eng', psm: 6 }), engine),
      etagOf(withOptions({ lang: 'eng+deu', psm: 4 }), engine),
      etagOf(withOptions({ lang: 'eng+deu', oem: 1 }), engine),
      etagOf({ ...source, version: '1.2.4' }, engine),
      etagOf(source, { ...engine, version: '5.3.1' }),
      etagOf(source, { ...engine, data: { ...engine.data, eng: '4.1.1' } }),
      etagOf(source, { ...engine, data: { eng: '4.1.0' } }),
    ])
    assert.equal(new Set(tags).size, tags.length)
  })

  it('takes what the document tells of its engine beside version and data for nothing', async () => {
    const info = { ...document([]).engine, ...engine }
    assert.equal(await etagOf(source, info), await etagOf(source, engine))
  })
})

describe('isFinal', () => {
  const warned = (code: string) => ({
    ...document([page()]),
    warnings: [{ code, message: 'So it is.', page: 1 }],
  })

  it('is true when every page has been read, whatever there is to say of it', () => {
    assert.equal(isFinal(document([page()])), true)
    assert.equal(isFinal(warned('small_text')), true)
  })

  it('is false when a page has failed, or was not read again for want of time', () => {
    assert.equal(isFinal(document([page(), failedPage(2)])), false)
    assert.equal(isFinal(warned('not_improved')), false)
  })
})

describe('tagIn', () => {
  const known = async (header: (tag: string) => string | undefined) => {
    const etag = await etagOf(source, engine)
    return [await tagIn(header(etag), source, async () => engine), etag]
  }
  const named: Array<(tag: string) => string> = [
    (tag) => tag,
    (tag) => tag.slice(2),
    (tag) => ` ${tag} `,
    (tag) => `"x", ${tag}`,
    (tag) => `W/"x",${tag},"y"`,
  ]
  for (const header of named) {
    it(`is the tag for ${header('W/"abc"')}`, async () => {
      const [tag, etag] = await known(header)
      assert.equal(tag, etag)
    })
  }

  for (const header of ['', '*', ' * ', 'abc', '"xW/"abc"', '"x", "y"']) {
    it(`is nothing for ${header || 'an empty header'}`, async () => {
      assert.equal((await known(() => header))[0], undefined)
    })
  }

  it('asks for the engine only when there is a header, and does without it', async () => {
    assert.equal(await tagIn(undefined, source, assert.fail), undefined)
    const etag = await etagOf(source, engine)
    assert.equal(await tagIn(etag, source, () => Promise.reject(new Error('away'))), undefined)
  })
})
