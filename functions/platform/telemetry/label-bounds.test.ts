import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createLabelBounds } from './label-bounds.ts'

describe('bounds of labels', () => {
  it('keep the values that are listed, and make any other one value', () => {
    const bounded = createLabelBounds({ format: ['text', 'json'] })
    assert.deepEqual(bounded({ format: 'text' }), { format: 'text' })
    assert.deepEqual(bounded({ format: 'json' }), { format: 'json' })
    assert.deepEqual(bounded({ format: 'evil' }), { format: 'other' })
    assert.deepEqual(bounded({ format: '__proto__' }), { format: 'other' })
  })

  it('keep as many values as there may be, and make the next one and all after it one value', () => {
    const bounded = createLabelBounds({ lang: { atMost: 2 } })
    assert.deepEqual(bounded({ lang: 'eng' }), { lang: 'eng' })
    assert.deepEqual(bounded({ lang: 'deu' }), { lang: 'deu' })
    assert.deepEqual(bounded({ lang: 'fra' }), { lang: 'other' })
    assert.deepEqual(bounded({ lang: 'rus' }), { lang: 'other' })
    assert.deepEqual(bounded({ lang: 'eng' }), { lang: 'eng' })
  })

  it('count the values of each label and of each metric by themselves', () => {
    const labels = { a: { atMost: 1 }, b: { atMost: 1 } }
    const [bounded, another] = [createLabelBounds(labels), createLabelBounds(labels)]
    assert.deepEqual(bounded({ a: '1', b: '2' }), { a: '1', b: '2' })
    assert.deepEqual(bounded({ a: '2', b: '1' }), { a: 'other', b: 'other' })
    assert.deepEqual(another({ a: '2', b: '1' }), { a: '2', b: '1' })
  })

  it('leave out a label that is not set, and one that the metric does not have', () => {
    const bounded = createLabelBounds({ lang: { atMost: 1 }, outcome: ['read'] })
    assert.deepEqual(bounded({ lang: undefined, outcome: 'read', caller: 'alice' }), {
      outcome: 'read',
    })
    assert.deepEqual(bounded({ lang: 'eng' }), { lang: 'eng' })
  })
})
