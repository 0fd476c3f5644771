import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { jsonOf, pdfOf, textOf } from './answer-body.ts'

const unexpected = (message: RegExp) => ({ code: 'unexpected_answer', message })

describe('textOf', () => {
  it('reads a text up to the bound, and none beyond', async () => {
    assert.equal(await textOf(new Response('Größe'), 7), 'Größe')
    await assert.rejects(textOf(new Response('Größe'), 6), unexpected(/longer than 6 bytes/))
  })
})

describe('pdfOf', () => {
  it('gives the bytes of a PDF, and refuses everything else', async () => {
    const bytes = new TextEncoder().encode('%PDF-')
    assert.deepEqual(await pdfOf(new Response(bytes)), bytes)
    for (const text of ['', '%PDF', ' %PDF-1.7', '{"code":"x"}']) {
      await assert.rejects(pdfOf(new Response(text)), unexpected(/is no PDF/))
    }
  })
})

describe('jsonOf', () => {
  const isSeven = (value: unknown) => value === 7

  it('gives what has the shape, and refuses everything else', async () => {
    assert.equal(await jsonOf(new Response('7'), isSeven, 'seven'), 7)
    await assert.rejects(jsonOf(new Response('8'), isSeven, 'seven'), unexpected(/is no seven/))
    await assert.rejects(jsonOf(new Response('x'), isSeven, 'seven'), unexpected(/is not JSON/))
  })
})
