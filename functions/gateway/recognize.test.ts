import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { OcrError } from '../contract/errors.ts'
import { callFor } from './fixtures/call.ts'
import { fakeReader, never, recognizeBy } from './fixtures/fake-reader.ts'
import { pageNumbered, pdf, png, resultOf, tiff, upTo } from './fixtures/results.ts'
import { type Progress, type Reading, wholeOf } from './recognize.ts'

const call = callFor({ headers: { 'x-request-id': 'r1' } })
const ofType = (image: Uint8Array) => ({ image, options: {} })

async function stepsOf(reading: Reading): Promise<Progress[]> {
  const steps: Progress[] = []
  for await (const step of reading) steps.push(step)
  return steps
}

describe('recognize, in one request', () => {
  for (const [type, head] of [
    ['PNG', png],
    ['JPEG', Buffer.from([0xff, 0xd8, 0xff])],
    ['WebP', Buffer.from('RIFF1234WEBP')],
    ['GIF', Buffer.from('GIF89a')],
  ] as const) {
    it(`reads a ${type} without asking for the number of its pages`, async () => {
      const reader = fakeReader(1)
      assert.deepEqual(await wholeOf(recognizeBy(reader)(ofType(head), call)), resultOf([1]))
      assert.deepEqual(reader.counted, [])
      assert.deepEqual(
        reader.asked.map(({ request }) => request),
        [ofType(head)],
      )
    })
  }

  it('tells of the start and of each page, when they are there', async () => {
    assert.deepEqual(await stepsOf(recognizeBy(fakeReader(2))(ofType(pdf), call)), [
      { type: 'start', pageCount: 2, numbers: [1, 2] },
      { type: 'page', page: pageNumbered(1) },
      { type: 'page', page: pageNumbered(2) },
    ])
  })

  it('asks for a searchable PDF at once, however many pages there are', async () => {
    const reader = fakeReader(9)
    const request = { image: pdf, options: { pages: '2-' }, withPdf: true }
    const result = await wholeOf(recognizeBy(reader)(request, call))
    assert.deepEqual(result, resultOf([2, 3, 4, 5, 6, 7, 8, 9], 9))
    assert.deepEqual(reader.counted, [])
    assert.deepEqual(
      reader.asked.map(({ request }) => request),
      [request],
    )
  })

  it('asks for pictures at once that are wanted at the end, for which the model has a bound', async () => {
    for (const [pageByPage, requests] of [
      [false, 1],
      [true, 5],
    ] as const) {
      const reader = fakeReader(9)
      const request = { image: pdf, options: { pictures: true }, pageByPage }
      await wholeOf(recognizeBy(reader)(request, call))
      assert.equal(reader.asked.length, requests)
    }
  })

  it('asks at once for no more pages than a range has, and in ranges for one more', async () => {
    for (const [pageCount, requests] of [
      [2, [undefined]],
      [3, ['1,2', '3']],
    ] as const) {
      const reader = fakeReader(pageCount)
      const result = await wholeOf(recognizeBy(reader)(ofType(tiff), call))
      assert.deepEqual(result.document, resultOf(upTo(pageCount)).document)
      assert.equal(reader.counted.length, 1)
      const pages = reader.asked.map(({ request }) => request.options.pages)
      assert.deepEqual(pages, requests)
    }
  })

  it('asks nothing before somebody wants to know', async () => {
    const reader = fakeReader(1)
    const reading = recognizeBy(reader)(ofType(png), call)
    await reading.return(resultOf([1]))
    assert.deepEqual(reader.asked, [])
  })
})

describe('recognize', () => {
  it('passes the headers on with the count and the requests, and by when they are wanted', async () => {
    const reader = fakeReader(3)
    await wholeOf(recognizeBy(reader)(ofType(tiff), call))
    const calls = [...reader.counted, ...reader.asked].map(({ call }) => call)
    assert.equal(calls.length, 3)
    for (const { headers, deadlineAt } of calls) {
      assert.deepEqual([headers, deadlineAt], [call.headers, call.deadlineAt])
    }
  })

  it('limits the time for the model', async () => {
    for (const image of [png, tiff]) {
      const reader = fakeReader(2, never)
      const reading = recognizeBy(reader)(ofType(image), callFor({ timeoutMs: 10 }))
      await assert.rejects(wholeOf(reading), { kind: 'deadline_exceeded' })
      assert.equal(reader.underWay, 0)
    }
  })

  it('limits the time in which pages are counted', async () => {
    const reader = fakeReader(9)
    const countPages: typeof reader.countPages = async (_request, call) => {
      await never(0, call, 1)
      return 9
    }
    const client = { ...reader, countPages }
    const reading = recognizeBy(client)(ofType(tiff), callFor({ timeoutMs: 10 }))
    await assert.rejects(wholeOf(reading), { kind: 'deadline_exceeded' })
    assert.deepEqual(reader.asked, [])
  })

  it('asks for no page when they cannot be counted', async () => {
    const reader = fakeReader(9)
    const encrypted = new OcrError('encrypted_document', 'The document needs a password.')
    const client = { ...reader, countPages: () => Promise.reject(encrypted) }
    await assert.rejects(wholeOf(recognizeBy(client)(ofType(pdf), call)), encrypted)
    assert.deepEqual(reader.asked, [])
  })

  it('ends with the client', async () => {
    for (const image of [png, tiff]) {
      const client = new AbortController()
      const reader = fakeReader(9, never)
      const reading = recognizeBy(reader)(ofType(image), callFor({ client: client.signal }))
      const whole = wholeOf(reading)
      while (reader.asked.length === 0) await new Promise(setImmediate)
      client.abort()
      await assert.rejects(whole, { kind: 'client_gone' })
      assert.equal(reader.underWay, 0)
    }
  })

  it('asks nothing for a client that has gone already', async () => {
    const reader = fakeReader(9)
    const gone = callFor({ client: AbortSignal.abort() })
    const reading = recognizeBy(reader)(ofType(tiff), gone)
    await assert.rejects(wholeOf(reading), { kind: 'client_gone' })
    assert.deepEqual(reader.asked, [])
  })
})
