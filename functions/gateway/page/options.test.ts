import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Languages } from '../../contract/answers.ts'
import { parseOptions } from '../../contract/options.ts'
import {
  defaultOptions,
  isSame,
  languagesByName,
  layouts,
  maxLanguages,
  paramsOf,
  summaryOf,
  toggled,
} from './options.ts'

const known: Languages = {
  default: 'eng',
  engine: { name: 'tesseract', version: '5.3.0' },
  languages: [
    { code: 'deu', name: 'German', data: '1' },
    { code: 'eng', name: 'English', data: '1' },
    { code: 'script/Latin', data: '1' },
  ],
}

describe('options', () => {
  it('are left to the gateway at first', () => assert.deepEqual(paramsOf(defaultOptions), []))

  it('are named as the API names them', () => {
    const options = {
      languages: ['deu', 'eng'],
      profile: 'best',
      isTurned: true,
      psm: '6',
      pages: ' 1-3, 7 ',
      dpi: ' 150 ',
    } as const
    const params = Object.fromEntries(paramsOf(options))
    assert.deepEqual(parseOptions(params), {
      lang: 'deu+eng',
      profile: 'best',
      rotate: 'auto',
      psm: 6,
      pages: '1-3,7',
      dpi: 150,
    })
  })

  for (const [psm, name] of layouts.filter(([psm]) => psm !== '')) {
    it(`have "${name}" for psm ${psm}, which the API knows`, () => {
      assert.equal(parseOptions({ psm }).psm, Number(psm))
    })
  }

  it('are the same when they ask the same', () => {
    assert.ok(isSame({ ...defaultOptions, pages: '1, 2' }, { ...defaultOptions, pages: '1,2' }))
    assert.ok(!isSame({ ...defaultOptions, languages: ['eng'] }, defaultOptions))
  })

  it('are told in words', () => {
    assert.equal(summaryOf(defaultOptions, known), 'English · fast')
    assert.equal(summaryOf(defaultOptions, undefined), 'the usual language · fast')
    const many = { languages: ['deu', 'script/Latin'], profile: 'best', isTurned: true } as const
    assert.equal(
      summaryOf({ ...defaultOptions, ...many, psm: '7', pages: '2', dpi: '300' }, known),
      'German and script/Latin · best · turned upright · a single line · pages 2 · 300 dpi',
    )
  })
})

describe('languages', () => {
  it('are added at the end and taken away', () => {
    assert.deepEqual(toggled(['deu'], 'eng'), ['deu', 'eng'])
    assert.deepEqual(toggled(['deu', 'eng'], 'deu'), ['eng'])
  })

  it('are not more than the gateway takes', () => {
    const full = Array.from({ length: maxLanguages }, (_, index) => `l${index}`)
    assert.deepEqual(toggled(full, 'eng'), full)
    assert.equal(toggled(full.slice(1), 'eng').length, maxLanguages)
    assert.ok(parseOptions({ lang: full.map(() => 'eng').join('+') }))
    assert.throws(() => parseOptions({ lang: [...full, 'l'].map(() => 'eng').join('+') }))
  })

  it('are listed by their names', () => {
    assert.deepEqual(languagesByName(known), ['eng', 'deu', 'script/Latin'])
  })
})
