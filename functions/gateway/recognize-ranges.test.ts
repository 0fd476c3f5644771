import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pino } from 'pino'
import { OcrError } from '../contract/errors.ts'
import { callFor } from './fixtures/call.ts'
import { type FakeReader, fakeReader, never, recognizeBy } from './fixtures/fake-reader.ts'
import { pageNumbered, pdf, resultOf, tiff, upTo } from './fixtures/results.ts'
import { type Reading, wholeOf } from './recognize.ts'

const call = callFor()
const long = { image: tiff, options: {} }
const crashed = new OcrError('engine_crashed', 'The engine failed on this page.')
const busy = (retryAfterSeconds?: number) =>
  new OcrError('overloaded', 'The model is busy.', { retryAfterSeconds })

const pagesAsked = ({ asked }: FakeReader) => asked.map(({ request }) => request.options.pages)

/** The numbers of the pages in the order in which they came, and the result. */
async function orderOf(reading: Reading) {
  const numbers: number[] = []
  for (;;) {
    const step = await reading.next()
    if (step.done) return { numbers, result: step.value }
    if (step.value.type === 'page') numbers.push(step.value.page.number)
  }
}

describe('recognize, in ranges', () => {
  for (const [type, image] of [
    ['a TIFF', tiff],
    ['a PDF', pdf],
    ['a file of a type that is not known here', Buffer.from('BM')],
  ] as const) {
    it(`asks for ${type} a range at a time, and for so many at once`, async () => {
      const reader = fakeReader(9, () => new Promise(setImmediate))
      const options = { lang: 'deu', psm: 6 }
      const result = await wholeOf(recognizeBy(reader)({ image, options }, call))
      assert.deepEqual(result, resultOf(upTo(9)))
      assert.deepEqual(pagesAsked(reader), ['1,2', '3,4', '5,6', '7,8', '9'])
      assert.equal(reader.mostUnderWay, 3)
      assert.deepEqual(
        reader.counted.map(({ request }) => request),
        [{ image, options }],
      )
      for (const { request } of reader.asked) {
        assert.equal(request.image, image)
        assert.partialDeepStrictEqual(request.options, options)
      }
    })
  }

  it('starts with the number of pages before the first of them is there', async () => {
    const reading = recognizeBy(fakeReader(5, never))(long, call)
    const { value } = await reading.next()
    assert.deepEqual(value, { type: 'start', pageCount: 5, numbers: [1, 2, 3, 4, 5] })
    await reading.return(resultOf([1]))
  })

  it('gives pages as they are ready, and the document in order', async () => {
    const last = Promise.withResolvers<void>()
    const reader = fakeReader(7, (first) => (first === 1 ? last.promise : undefined))
    const reading = recognizeBy(reader)(long, call)
    const pages: unknown[] = []
    await reading.next()
    for (let count = 0; count < 5; count++) pages.push((await reading.next()).value)
    assert.deepEqual(
      pages,
      [3, 4, 5, 6, 7].map((number) => ({ type: 'page', page: pageNumbered(number) })),
    )
    last.resolve()
    const { numbers, result } = await orderOf(reading)
    assert.deepEqual(numbers, [1, 2])
    assert.deepEqual(result, resultOf(upTo(7)))
  })

  it('asks for the pages that are wanted, in the order of the file', async () => {
    const reader = fakeReader(10)
    const options = { pages: '9-,2,5-7,6' }
    const reading = recognizeBy(reader)({ image: tiff, options }, call)
    const start = { type: 'start', pageCount: 10, numbers: [2, 5, 6, 7, 9, 10] }
    assert.deepEqual((await reading.next()).value, start)
    assert.deepEqual(await wholeOf(reading), resultOf([2, 5, 6, 7, 9, 10], 10))
    assert.deepEqual(pagesAsked(reader), ['2,5', '6,7', '9,10'])
  })

  it('takes ranges of as many pages as a list of pages may have', async () => {
    const reader = fakeReader(33)
    const result = await wholeOf(recognizeBy(reader, { rangePages: 32 })(long, call))
    assert.deepEqual(result.document, resultOf(upTo(33)).document)
    assert.deepEqual(pagesAsked(reader), [upTo(32).join(','), '33'])
  })
})

describe('recognize, when ranges fail', () => {
  it('leaves the pages of a range that fails out, and says why', async () => {
    const reader = fakeReader(6, (first) => {
      if (first === 3) throw crashed
    })
    const { numbers, result } = await orderOf(recognizeBy(reader)(long, call))
    assert.deepEqual(numbers.toSorted(), [1, 2, 3, 4, 5, 6])
    assert.equal(result.document.complete, false)
    const error = { code: 'engine_crashed', message: 'The engine failed on this page.' }
    assert.deepEqual(
      result.document.pages.map((page) => page.error),
      [undefined, undefined, error, error, undefined, undefined],
    )
    assert.equal(result.document.text, 'page 1\n\fpage 2\n\f\n\f\n\fpage 5\n\fpage 6')
    assert.deepEqual(result.timings, resultOf([1, 2, 5, 6]).timings)
  })

  it('has the cause in the log', async () => {
    const lines: unknown[] = []
    const log = pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) })
    const cause = new Error('exit code 139')
    const reader = fakeReader(4, (first) => {
      if (first === 3) throw new OcrError('engine_crashed', 'The engine failed.', { cause })
    })
    await wholeOf(recognizeBy(reader, { log })(long, call))
    assert.equal(lines.length, 1)
    assert.partialDeepStrictEqual(lines[0], {
      level: 40,
      pages: '3,4',
      kind: 'engine_crashed',
      cause: 'Error: exit code 139',
      msg: 'pages failed',
    })
  })

  it('keeps no picture of a page that has been told', async () => {
    const reader = fakeReader(5)
    const picture = { mediaType: 'image/jpeg', width: 1, height: 1, data: 'eA==' } as const
    const recognize: FakeReader['recognize'] = async (request, ofCall) => {
      const { document, ...result } = await reader.recognize(request, ofCall)
      const pages = document.pages.map((page) => ({ ...page, picture }))
      return { ...result, document: { ...document, pages } }
    }
    const request = { ...long, options: { pictures: true }, pageByPage: true }
    const reading = recognizeBy({ ...reader, recognize })(request, call)
    let step = await reading.next()
    for (; !step.done; step = await reading.next()) {
      if (step.value.type === 'page') assert.deepEqual(step.value.page.picture, picture)
    }
    assert.deepEqual(step.value, resultOf(upTo(5)))
  })

  it('throws the error of the first pages when every range fails, however late it came', async () => {
    const reader = fakeReader(6, async (first) => {
      if (first > 1) throw new OcrError('undecodable_image', `Page ${first} is damaged.`)
      await new Promise(setImmediate)
      throw crashed
    })
    await assert.rejects(wholeOf(recognizeBy(reader)(long, call)), crashed)
    assert.deepEqual(pagesAsked(reader), ['1,2', '3,4', '5,6'])
  })

  it('waits as long as the model says when it is busy, and asks again', async () => {
    const reader = fakeReader(6, (first, _call, attempt) => {
      if (first === 3 && attempt === 1) throw busy(1)
    })
    const start = performance.now()
    const { numbers, result } = await orderOf(recognizeBy(reader)(long, call))
    assert.ok(performance.now() - start >= 490, 'half a second later at least')
    assert.deepEqual(numbers, [1, 2, 5, 6, 3, 4])
    assert.deepEqual(result, resultOf(upTo(6)))
    assert.deepEqual(pagesAsked(reader), ['1,2', '3,4', '5,6', '3,4'])
  })

  it('waits for a model that is away for a while', async () => {
    const reader = fakeReader(4, (first, _call, attempt) => {
      if (first === 3 && attempt === 1) {
        throw new OcrError('model_unavailable', 'Not there.', { retryAfterSeconds: 1 })
      }
    })
    assert.deepEqual(await wholeOf(recognizeBy(reader)(long, call)), resultOf(upTo(4)))
    assert.deepEqual(pagesAsked(reader), ['1,2', '3,4', '3,4'])
  })

  it('gives the document up for an answer that cannot be understood', async () => {
    const reader = fakeReader(4, (first) => {
      if (first === 3) throw new OcrError('bad_upstream', 'No answer.')
    })
    await assert.rejects(wholeOf(recognizeBy(reader)(long, call)), { kind: 'bad_upstream' })
  })

  it('waits for a model that stays busy no longer than for any other', async () => {
    const reader = fakeReader(3, (first) => {
      if (first === 3) throw busy(3_600)
    })
    const reading = recognizeBy(reader)(long, callFor({ timeoutMs: 100 }))
    const { document } = await wholeOf(reading)
    const codes = document.pages.map(({ error }) => error?.code)
    assert.deepEqual(codes, [undefined, undefined, 'deadline_exceeded'])
    assert.deepEqual(pagesAsked(reader), ['1,2', '3'])
  })

  it('fails the pages that are not there in time, those too that were not asked for', async () => {
    const reader = fakeReader(5, (first, call, attempt) =>
      first === 3 ? never(first, call, attempt) : undefined,
    )
    const reading = recognizeBy(reader, { rangeRequests: 1 })(long, callFor({ timeoutMs: 100 }))
    const { numbers, result } = await orderOf(reading)
    assert.deepEqual(numbers, [1, 2, 3, 4, 5])
    const late = { code: 'deadline_exceeded', message: 'The request took longer than 0.1 s.' }
    assert.deepEqual(
      result.document.pages.map(({ error }) => error),
      [undefined, undefined, late, late, late],
    )
    assert.equal(result.document.complete, false)
    assert.equal(reader.underWay, 0)
  })

  it('gives the document up for a failure that is ours', async () => {
    const reader = fakeReader(9, (first, call, attempt) => {
      if (first === 3) throw new TypeError('a mistake of ours')
      return never(first, call, attempt)
    })
    await assert.rejects(wholeOf(recognizeBy(reader)(long, call)), { kind: 'internal' })
    assert.equal(reader.underWay, 0)
    assert.equal(reader.asked.length, 3)
  })
})

describe('recognize, when nobody waits for the rest', () => {
  it('ends every request of a client that has gone, and those that wait for a busy model', async () => {
    const client = new AbortController()
    const reader = fakeReader(9, (first, call, attempt) => {
      if (first === 3) throw busy(3_600)
      return never(first, call, attempt)
    })
    const whole = wholeOf(recognizeBy(reader)(long, callFor({ client: client.signal })))
    while (reader.asked.length < 3) await new Promise(setImmediate)
    client.abort()
    await assert.rejects(whole, { kind: 'client_gone' })
    assert.equal(reader.underWay, 0)
    assert.equal(reader.asked.length, 3)
  })

  it('ends every request when the reading is given up', async () => {
    const reader = fakeReader(9, (first, call, attempt) =>
      first === 1 ? undefined : never(first, call, attempt),
    )
    for await (const step of recognizeBy(reader)(long, call)) if (step.type === 'page') break
    assert.equal(reader.underWay, 0)
    assert.deepEqual(pagesAsked(reader), ['1,2', '3,4', '5,6'])
    for (const { call } of reader.asked) assert.equal(call.signal.aborted, true)
  })
})
