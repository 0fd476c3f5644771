import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { admit } from './admit.ts'
import { fakeInstallation } from './fixtures/installation.ts'

const rules = {
  maxImageBytes: 10,
  defaultLang: 'eng',
  installation: fakeInstallation,
  engine: 'warm',
} as const
const image = Buffer.alloc(10)

describe('admit', () => {
  it('completes the options', () => {
    const { info, engine, ...rest } = admit({ image, options: {} }, rules)
    assert.deepEqual(info, {
      name: 'tesseract',
      version: '5.3.0',
      lang: 'eng',
      psm: 3,
      oem: 3,
      profile: 'fast',
      data: { eng: 'eng 2' },
    })
    const usual = { allowlist: undefined, denylist: undefined, learns: false }
    assert.deepEqual(engine, { lang: 'eng', tessdata: '/data', psm: 3, oem: 3, ...usual })
    assert.deepEqual(rest, {
      profile: 'fast',
      rotate: 'none',
      dpi: undefined,
      pages: undefined,
      keepsSpaces: false,
      withPictures: false,
    })
  })

  it('keeps what is asked for', () => {
    const options = { lang: 'eng+deu', psm: 6, oem: 1, allowlist: '0', denylist: '1' } as const
    const { engine, info } = admit({ image, options }, rules)
    assert.deepEqual(engine, { ...options, tessdata: '/data', learns: false })
    assert.deepEqual(info.data, { deu: 'deu 1', eng: 'eng 2' })
  })

  it('refuses to find out how a page is turned without the data for that', () => {
    const request = { image, options: { rotate: 'auto' } } as const
    admit(request, rules)
    const installation = { ...fakeInstallation, hasOsd: false }
    assert.throws(() => admit(request, { ...rules, installation }), { kind: 'invalid_request' })
  })

  it('refuses an empty image', () => {
    const empty = { image: Buffer.alloc(0), options: {} }
    assert.throws(() => admit(empty, rules), { kind: 'invalid_request' })
  })

  it('takes an image of exactly the limit and refuses one byte more', () => {
    admit({ image, options: {} }, rules)
    const tooLarge = { image: Buffer.alloc(11), options: {} }
    assert.throws(() => admit(tooLarge, rules), { kind: 'payload_too_large' })
  })

  it('refuses a language that is not installed and lists those that are', () => {
    const request = { image, options: { lang: 'eng+fra' } }
    assert.throws(() => admit(request, rules), {
      kind: 'unknown_language',
      message: 'Language fra is not installed. Installed: deu, eng.',
    })
  })

  it('tells of an engine that learns from pages', () => {
    assert.equal(admit({ image, options: { lang: 'eng+deu' } }, rules).engine.learns, true)
  })

  it('refuses lists of characters where the oneshot engine reads', () => {
    for (const options of [{ allowlist: 'abc' }, { denylist: 'abc' }]) {
      assert.ok(admit({ image, options }, rules))
      const oneshot = { ...rules, engine: 'oneshot' as const }
      assert.throws(() => admit({ image, options }, oneshot), { kind: 'invalid_request' })
    }
  })

  it('refuses the legacy engine where the data has none', () => {
    admit({ image, options: { lang: 'deu', oem: 0 } }, rules)
    assert.throws(() => admit({ image, options: { lang: 'deu+eng', oem: 2 } }, rules), {
      kind: 'invalid_request',
      message: 'The data of eng has no legacy engine, which oem 2 needs. Use oem 1 or 3.',
    })
  })
})
