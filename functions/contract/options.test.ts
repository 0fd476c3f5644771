import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { optionTexts, parseOptions } from './options.ts'

describe('parseOptions', () => {
  it('takes numbers as numbers and as strings, since forms and queries have nothing else', () => {
    assert.deepEqual(parseOptions({ lang: 'eng+deu', psm: '6' }), { lang: 'eng+deu', psm: 6 })
    assert.deepEqual(parseOptions({ psm: 6 }), { psm: 6 })
  })

  it('leaves out what is not given', () => assert.deepEqual(parseOptions({}), {}))

  for (const lang of ['eng', 'chi_sim', 'script/Latin', 'eng+deu+fra']) {
    it(`takes the language ${lang}`, () => assert.equal(parseOptions({ lang }).lang, lang))
  }

  const hostile = ['../../x', '/etc/passwd', '', 'eng  deu', '--version', 'eng+', 'eng;id', '$(id)']
  for (const lang of [...hostile, 'eng\n', 'a+b+c+d+e+f+g+h+i', 7, null]) {
    it(`refuses the language ${JSON.stringify(lang)}`, () => {
      assert.throws(() => parseOptions({ lang }), { kind: 'invalid_request', message: /lang must/ })
    })
  }

  for (const psm of [99, '99', 0, 2, 14, -1, 3.5, 'x', '0x6', '', true, null]) {
    it(`refuses psm ${JSON.stringify(psm)} and names the valid ones`, () => {
      assert.throws(() => parseOptions({ psm }), {
        kind: 'invalid_request',
        message: 'psm must be one of 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13.',
      })
    })
  }

  for (const [name, values] of Object.entries({
    profile: ['fast', 'best'],
    oem: [0, 1, 2, 3],
    dpi: [70, 300, 1200],
    pages: ['1', '1-3,7-'],
    rotate: ['none', 'auto'],
    preserve_interword_spaces: [true, false],
    pictures: [true, false],
    allowlist: ['0', ' €-äß"\'$(){};日本😀', 'x'.repeat(254), `${'日'.repeat(84)}ß`],
    denylist: ['|', 'x'.repeat(254)],
  })) {
    it(`takes each value of ${name}, as it is and as text`, () => {
      for (const value of values) {
        assert.deepEqual(parseOptions({ [name]: value }), { [name]: value })
        assert.deepEqual(parseOptions({ [name]: String(value) }), { [name]: value })
      }
    })
  }

  for (const [name, values] of Object.entries({
    profile: ['slow', '', 1],
    oem: [4, -1, '1.0'],
    dpi: [69, 1201, '300 ', 150.5, '0x99'],
    pages: ['', '3-1', '0', 1.5],
    rotate: ['90', 'AUTO', true],
    preserve_interword_spaces: ['yes', 2, ''],
    pictures: ['TRUE', 1.5],
    allowlist: ['', 'x'.repeat(255), '日'.repeat(85), 'a\nb', 'a\0', '\ud800', 5],
    denylist: ['', 'x'.repeat(255), 'a\tb'],
  })) {
    it(`refuses other values of ${name} and names the valid ones`, () => {
      for (const value of values) {
        assert.throws(() => parseOptions({ [name]: value }), {
          kind: 'invalid_request',
          message: `${name} must be ${Object.entries(optionTexts).find(([key]) => key === name)?.[1].range}.`,
        })
      }
    })
  }

  it('refuses a value of more characters than any option takes, before it is looked at', () => {
    const message = 'The option "lang" has more than 1024 characters.'
    assert.throws(() => parseOptions({ lang: ' '.repeat(1025) }), {
      kind: 'invalid_request',
      message,
    })
    assert.throws(() => parseOptions({ lang: ' '.repeat(1024) }), { message: /^lang must be/ })
    for (const name of ['lang', 'pages', 'psm', 'allowlist']) {
      assert.throws(() => parseOptions({ [name]: ', '.repeat(10_000) }), { message: /1024/ })
    }
  })

  it('takes a space between languages for the plus sign that it was in a query', () => {
    assert.equal(parseOptions({ lang: 'eng deu' }).lang, 'eng+deu')
  })

  it('takes the number of a page as a number', () => {
    assert.equal(parseOptions({ pages: 2 }).pages, '2')
  })

  it('says back no name that is not plain', () => {
    assert.throws(() => parseOptions({ '<script>': 1 }), { message: /^Unknown option\. / })
  })

  it('refuses an unknown option and names the known ones', () => {
    assert.throws(() => parseOptions({ debug_file: '/tmp/x' }), {
      kind: 'invalid_request',
      message:
        'Unknown option "debug_file". The options are lang, profile, psm, oem, dpi, pages, rotate, ' +
        'preserve_interword_spaces, pictures, allowlist, denylist.',
    })
  })
})
