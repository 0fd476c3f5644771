import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseOptions } from './options.ts'

describe('parseOptions', () => {
  it('takes numbers as numbers and as strings, since forms and queries have nothing else', () => {
    assert.deepEqual(parseOptions({ lang: 'eng+deu', psm: '6' }), { lang: 'eng+deu', psm: 6 })
    assert.deepEqual(parseOptions({ psm: 6 }), { psm: 6 })
  })

  it('leaves out what is not given', () => assert.deepEqual(parseOptions({}), {}))

  for (const lang of ['eng', 'chi_sim', 'script/Latin', 'eng+deu+fra']) {
    it(`takes the language ${lang}`, () => assert.equal(parseOptions({ lang }).lang, lang))
  }

  const hostile = ['../../x', '/etc/passwd', '', 'eng deu', '--version', 'eng+', 'eng;id', '$(id)']
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

  it('refuses an unknown option and names the known ones', () => {
    assert.throws(() => parseOptions({ debug_file: '/tmp/x' }), {
      kind: 'invalid_request',
      message: 'Unknown option. The options are lang, psm.',
    })
  })
})
