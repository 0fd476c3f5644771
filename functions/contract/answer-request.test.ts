import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { details, formats } from './answer-formats.ts'
import { parseAnswerRequest, requestNames, requestSchema, requestTexts } from './answer-request.ts'
import { optionNames } from './options.ts'

const refused = (message: RegExp) => ({ name: 'OcrError', kind: 'invalid_request', message })

describe('parseAnswerRequest', () => {
  it('leaves the format to Accept, and tells every word, when nothing is said', () => {
    const request = { options: {}, format: undefined, detail: 'words', notify: false, async: false }
    assert.deepEqual(parseAnswerRequest({}), request)
  })

  it('keeps the options of the recognition apart from those of the answer', () => {
    const input = {
      format: 'tsv',
      detail: 'lines',
      psm: '6',
      lang: 'eng deu',
      pages: 2,
      notify: '1',
    }
    assert.deepEqual(parseAnswerRequest(input), {
      options: { psm: 6, lang: 'eng+deu', pages: '2' },
      format: 'tsv',
      detail: 'lines',
      notify: true,
      async: false,
    })
  })

  for (const format of formats) {
    it(`takes the format ${format}`, () => {
      assert.equal(parseAnswerRequest({ format }).format, format)
    })
  }

  for (const detail of details) {
    it(`takes the detail ${detail}`, () => {
      assert.equal(parseAnswerRequest({ detail }).detail, detail)
    })
  }

  for (const format of ['', 'JSON', 'docx', 'toString', 1, null, ['json']]) {
    it(`refuses the format ${JSON.stringify(format)} and names the valid ones`, () => {
      const message = /^format must be one of json, text, hocr, tsv, alto, pdf, ndjson\.$/
      assert.throws(() => parseAnswerRequest({ format }), refused(message))
    })
  }

  for (const detail of ['', 'Words', 'characters', 2, null]) {
    it(`refuses the detail ${JSON.stringify(detail)} and names the valid ones`, () => {
      const message = /^detail must be one of text, lines, words\.$/
      assert.throws(() => parseAnswerRequest({ detail }), refused(message))
    })
  }

  for (const name of ['notify', 'async'] as const) {
    it(`takes ${name} as a truth value and as nothing else`, () => {
      assert.equal(parseAnswerRequest({ [name]: 'true' })[name], true)
      assert.equal(parseAnswerRequest({ [name]: false })[name], false)
      const message = new RegExp(`^${name} must be true or false\\.$`)
      assert.throws(() => parseAnswerRequest({ [name]: 'yes' }), refused(message))
    })
  }

  it('refuses what is no option by its name and those there are', () => {
    for (const name of ['langs', 'file', 'image_file', '__proto__', 'constructor']) {
      const input = Object.fromEntries([[name, 'x']])
      const message = new RegExp(
        `^Unknown option "${name}"\\. The options are lang, .*, detail, notify, async\\.$`,
      )
      assert.throws(() => parseAnswerRequest(input), refused(message))
    }
  })

  it('does not repeat a name that is not plain', () => {
    const input = { '<script>': 'x' }
    assert.throws(() => parseAnswerRequest(input), refused(/^Unknown option\. The options are/))
  })

  it('refuses a bad value of an option as the model does', () => {
    assert.throws(() => parseAnswerRequest({ psm: '99' }), refused(/^psm must be one of/))
  })
})

describe('the options of the gateway', () => {
  it('are those of the model, and of the answer', () => {
    assert.deepEqual(requestNames, [...optionNames, 'format', 'detail', 'notify', 'async'])
    assert.deepEqual(Object.keys(requestTexts), requestNames)
  })

  it('each tell for the description what they mean, what they may be and what happens without', () => {
    for (const [name, schema] of Object.entries(requestSchema.shape)) {
      assert.match(
        schema.unwrap().meta()?.description ?? '',
        /^[A-Z`].+ It may be .+\. Default: .+\.$/s,
        name,
      )
    }
  })
})
