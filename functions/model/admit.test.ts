import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { admit } from './admit.ts'

const rules = { maxImageBytes: 10, defaultLang: 'eng', languages: ['deu', 'eng'] }
const image = Buffer.alloc(10)

describe('admit', () => {
  it('completes the options', () => {
    assert.deepEqual(admit({ image, options: {} }, rules), { lang: 'eng', psm: 3 })
    const options = { lang: 'eng+deu', psm: 6 }
    assert.deepEqual(admit({ image, options }, rules), options)
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
})
