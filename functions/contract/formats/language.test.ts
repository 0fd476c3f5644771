import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { languageTag } from './language.ts'

describe('languageTag', () => {
  const tags = {
    eng: 'en',
    deu: 'de',
    ell: 'el',
    grc: 'grc',
    jpn_vert: 'ja',
    chi_sim: 'zh-Hans',
    chi_tra_vert: 'zh-Hant',
    srp_latn: 'sr-Latn',
    aze_cyrl: 'az-Cyrl',
    deu_latf: 'de-Latf',
    frk: 'de-Latf',
  }
  for (const [lang, tag] of Object.entries(tags)) {
    it(`is ${tag} for ${lang}`, () => assert.equal(languageTag(lang), tag))
  }

  for (const lang of [
    'eng+deu',
    'script/Latin',
    'osd',
    'equ',
    'invoices',
    'xyz',
    '',
    'constructor',
  ]) {
    it(`is nothing for "${lang}"`, () => assert.equal(languageTag(lang), undefined))
  }
})
