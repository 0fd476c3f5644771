import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { createOcrClient, OcrApiError, type Retry } from './client.ts'
import {
  answerWell,
  busy,
  damaged,
  documentOf,
  languages,
  linesOf,
  refuse,
  startGateway,
} from './fixtures/gateway.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const collect = async <T>(events: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = []
  for await (const event of events) all.push(event)
  return all
}
/** The failure of a call. */
const failureOf = async (call: Promise<unknown>): Promise<OcrApiError> => {
  const error = await call.then(
    () => assert.fail('It did not fail.'),
    (error: unknown) => error,
  )
  assert.ok(error instanceof OcrApiError, String(error))
  return error
}

describe('recognize', () => {
  it('sends the file with its options and the key, and gives the document', async () => {
    await using gateway = await startGateway()
    const client = createOcrClient({ url: gateway.url, key: 'secret' })
    const answer = await client.recognize(bytes('one\ftwo'), { lang: 'eng+deu', detail: 'lines' })
    assert.deepEqual(answer, documentOf('one\ftwo'))
    const [request] = gateway.received
    assert.equal(request?.path, '/v1/ocr')
    assert.deepEqual(request?.query, { lang: 'eng+deu', detail: 'lines', format: 'json' })
    assert.equal(request?.headers['authorization'], 'Bearer secret')
    assert.equal(request?.headers['content-type'], 'application/octet-stream')
  })

  it('leaves out options that are undefined, and the key when there is none', async () => {
    await using gateway = await startGateway()
    const options = { dpi: undefined, preserve_interword_spaces: true }
    await createOcrClient({ url: gateway.url }).recognize(bytes('one'), options)
    const [request] = gateway.received
    assert.deepEqual(request?.query, { preserve_interword_spaces: 'true', format: 'json' })
    assert.equal(request?.headers['authorization'], undefined)
  })

  it('sends a blob under its type, and a stream', async () => {
    await using gateway = await startGateway()
    const client = createOcrClient({ url: gateway.url })
    const blob = new Blob(['one'], { type: 'image/png' })
    assert.equal((await client.recognize(blob)).text, 'one')
    assert.equal(gateway.received[0]?.headers['content-type'], 'image/png')
    assert.equal((await client.recognize(blob.stream())).text, 'one')
  })

  it('asks a gateway that is below a path, by the given fetch', async () => {
    await using gateway = await startGateway()
    const asked: string[] = []
    const url = `${gateway.url}/ocr`
    const client = createOcrClient({
      url,
      fetch: (input, init) => {
        asked.push(String(input))
        return fetch(String(input).replace('/ocr/v1', '/v1'), init)
      },
    })
    assert.equal((await client.recognize(bytes('one'))).text, 'one')
    assert.deepEqual(asked, [`${url}/v1/ocr?format=json`])
  })
})

describe('render', () => {
  it('gives text for a format of text and bytes for a PDF', async () => {
    await using gateway = await startGateway()
    const client = createOcrClient({ url: gateway.url })
    const hocr: string = await client.render(bytes('one'), { format: 'hocr' })
    assert.equal(hocr, '<hocr>one')
    const pdf: Uint8Array = await client.render(bytes('one'), { format: 'pdf' })
    assert.deepEqual(pdf, bytes('%PDF-one'))
  })
})

describe('an answer that is not as the gateway gives it', () => {
  const document = documentOf('one')
  for (const [what, answer, call] of [
    ['a PDF that is none', '<html>', 'pdf'],
    ['a PDF that is empty', '', 'pdf'],
    ['a document of null', 'null', 'json'],
    ['a document without pages', JSON.stringify({ ...document, pages: undefined }), 'json'],
    ['a document with a page of null', JSON.stringify({ ...document, pages: [null] }), 'json'],
    ['a document whose text is a number', JSON.stringify({ ...document, text: 7 }), 'json'],
    ['languages without a list', '{"default":"eng"}', 'languages'],
    ['languages with one of null', '{"default":"eng","languages":[null]}', 'languages'],
    ['languages without a code', '{"default":"eng","languages":[{"name":"x"}]}', 'languages'],
  ] as const) {
    it(`refuses ${what}, and does not ask again`, async () => {
      await using gateway = await startGateway((_request, response) => response.end(answer))
      const client = createOcrClient({ url: gateway.url })
      const calls = {
        pdf: () => client.render(bytes('one'), { format: 'pdf' }),
        json: () => client.recognize(bytes('one')),
        languages: () => client.languages(),
      }
      const { code, message } = await failureOf(calls[call]())
      assert.equal(code, 'unexpected_answer')
      assert.match(message, /^The answer is no (?:PDF|document|list of languages); is the URL/)
      assert.equal(gateway.received.length, 1)
    })
  }

  it('is given up when it is an error that unpacks to more than one can be', async () => {
    const closed = Promise.withResolvers<void>()
    await using gateway = await startGateway((_request, response) => {
      response.on('close', closed.resolve)
      response.writeHead(500, { 'content-encoding': 'gzip' })
      // Never ended: who waits for all of it would do so for ever.
      response.write(gzipSync(Buffer.alloc(8 * 2 ** 20)))
    })
    const error = await failureOf(createOcrClient({ url: gateway.url }).recognize(bytes('one')))
    assert.deepEqual([error.code, error.status], ['unexpected_answer', 500])
    await closed.promise
    assert.equal(gateway.received.length, 1)
  })
})

describe('pages', () => {
  it('gives the start, each page and the end', async () => {
    await using gateway = await startGateway()
    const client = createOcrClient({ url: gateway.url })
    const events = await collect(client.pages(bytes('one\ftwo'), { detail: 'text' }))
    assert.deepEqual(
      events.map((event) => (event.type === 'page' ? event.page.number : event.type)),
      ['start', 2, 1, 'end'],
    )
    assert.deepEqual(gateway.received[0]?.query, { detail: 'text', format: 'ndjson' })
  })

  it('gives a page while the next one is still read', async () => {
    let response: ServerResponse | undefined
    await using gateway = await startGateway((_request, open) => {
      response = open
      open.write(linesOf(documentOf('one\ftwo')).slice(0, 2).join(''))
    })
    const client = createOcrClient({ url: gateway.url })
    const types: string[] = []
    for await (const { type } of client.pages(bytes('one'))) {
      types.push(type)
      if (type === 'page') response?.end(linesOf(documentOf('one')).at(-1))
    }
    assert.deepEqual(types, ['start', 'page', 'end'])
  })

  it('ends the request when the caller has enough', async () => {
    const closed = Promise.withResolvers<void>()
    await using gateway = await startGateway((_request, response) => {
      response.on('close', closed.resolve)
      response.write(linesOf(documentOf('one'))[0])
    })
    for await (const _ of createOcrClient({ url: gateway.url }).pages(bytes('one'))) break
    await closed.promise
  })

  it('throws the problem of a line', async () => {
    await using gateway = await startGateway((_request, response) => {
      const [start] = linesOf(documentOf('one'))
      response.end(`${start}${JSON.stringify({ type: 'error', problem: damaged })}\n`)
    })
    const error = await failureOf(
      collect(createOcrClient({ url: gateway.url }).pages(bytes('one'))),
    )
    assert.deepEqual(
      [error.code, error.status, error.detail, error.requestId],
      ['undecodable_image', 422, 'It ends too early.', 'request-7'],
    )
  })

  it('is asked for again when the first line is a problem that passes', async () => {
    await using gateway = await startGateway((request, response, count) => {
      if (count > 1) return answerWell(request, response, count)
      response.end(JSON.stringify({ type: 'error', problem: busy }))
    })
    const events = await collect(createOcrClient({ url: gateway.url }).pages(bytes('one')))
    assert.equal(events.at(-1)?.type, 'end')
  })

  for (const [how, lines, code] of [
    ['ends without an end', (all: string[]) => all.slice(0, -1).join(''), 'incomplete_answer'],
    ['is empty', () => '', 'incomplete_answer'],
    ['ends within a line', (all: string[]) => all.join('').slice(0, -9), 'unexpected_answer'],
    ['is no JSON', () => '<html>\n', 'unexpected_answer'],
    ['has a line without a type', () => 'null\n', 'unexpected_answer'],
    ['has an error without a problem', () => '{"type":"error"}\n', 'unexpected_answer'],
  ] as const) {
    it(`fails when the answer ${how}`, async () => {
      await using gateway = await startGateway((_request, response) => {
        response.end(lines(linesOf(documentOf('one'))))
      })
      const client = createOcrClient({ url: gateway.url })
      assert.equal((await failureOf(collect(client.pages(bytes('one'))))).code, code)
    })
  }

  it('fails when the connection breaks', async () => {
    await using gateway = await startGateway((_request, response) => {
      response.write(linesOf(documentOf('one'))[0])
      setTimeout(() => response.destroy(), 20)
    })
    const client = createOcrClient({ url: gateway.url })
    assert.equal((await failureOf(collect(client.pages(bytes('one'))))).code, 'connection_lost')
  })

  it('skips lines of a type that it does not know', async () => {
    await using gateway = await startGateway((_request, response) => {
      response.end(`{"type":"news"}\n\n${linesOf(documentOf('one')).join('')}`)
    })
    const events = await collect(createOcrClient({ url: gateway.url }).pages(bytes('one')))
    assert.equal(events.length, 3)
  })
})

describe('languages', () => {
  it('gives what is installed', async () => {
    await using gateway = await startGateway()
    assert.deepEqual(await createOcrClient({ url: gateway.url }).languages(), languages)
  })
})

describe('a call that fails', () => {
  it('has everything that the gateway says of it, and is not made again', async () => {
    await using gateway = await startGateway()
    const error = await failureOf(createOcrClient({ url: gateway.url }).recognize(bytes('damaged')))
    assert.equal(error.message, 'It ends too early.')
    assert.equal(error.code, 'undecodable_image')
    assert.equal(error.requestId, 'request-7')
    assert.equal(gateway.received.length, 1)
  })

  it('tells an answer that is not of the gateway', async () => {
    await using gateway = await startGateway((_request, response) => {
      response.writeHead(301, { location: '/elsewhere', 'x-request-id': 'r1' }).end('<html>')
    })
    const error = await failureOf(createOcrClient({ url: gateway.url }).recognize(bytes('one')))
    assert.deepEqual([error.code, error.status, error.requestId], ['unexpected_answer', 301, 'r1'])
  })

  it('tells an answer that is no JSON', async () => {
    await using gateway = await startGateway((_request, response) => response.end('<html>'))
    const error = await failureOf(createOcrClient({ url: gateway.url }).languages())
    assert.equal(error.code, 'unexpected_answer')
  })

  it('is made again after 429 and 503, not before the time that the gateway says', async () => {
    await using gateway = await startGateway((request, response, count) => {
      if (count === 1) return refuse(response, busy, { 'retry-after': '1' })
      if (count === 2) return void response.writeHead(503).end('starting')
      answerWell(request, response, count)
    })
    const retries: Retry[] = []
    const onRetry = (retry: Retry) => retries.push(retry)
    const answer = await createOcrClient({ url: gateway.url }).recognize(bytes('one'), { onRetry })
    assert.equal(answer.text, 'one')
    assert.deepEqual(
      retries.map(({ attempt, error }) => [attempt, error.status]),
      [
        [1, 429],
        [2, 503],
      ],
    )
    assert.ok((retries[0]?.waitMs ?? 0) > 1_000)
    assert.deepEqual(
      gateway.received.map(({ file }) => file),
      ['one', 'one', 'one'],
    )
  })

  it('is given up after the number of attempts', async () => {
    await using gateway = await startGateway((_request, response) => refuse(response, busy))
    const client = createOcrClient({ url: gateway.url, retries: 1 })
    assert.equal((await failureOf(client.recognize(bytes('one')))).code, 'overloaded')
    assert.equal(gateway.received.length, 2)
  })

  it('is not made again when that would be beyond its time', async () => {
    await using gateway = await startGateway((_request, response) =>
      refuse(response, busy, { 'retry-after': '30' }),
    )
    const client = createOcrClient({ url: gateway.url, timeoutMs: 20_000 })
    assert.equal((await failureOf(client.languages())).retryAfterSeconds, 30)
    assert.equal(gateway.received.length, 1)
  })

  it('is not made again with a stream, which is sent by then', async () => {
    await using gateway = await startGateway((_request, response) => refuse(response, busy))
    const client = createOcrClient({ url: gateway.url })
    assert.equal((await failureOf(client.recognize(new Blob(['one']).stream()))).status, 429)
    assert.equal(gateway.received.length, 1)
  })

  it('is made again when nobody listens', async () => {
    const gateway = await startGateway()
    await gateway[Symbol.asyncDispose]()
    const client = createOcrClient({ url: gateway.url, retries: 1 })
    let count = 0
    const error = await failureOf(client.languages({ onRetry: () => count++ }))
    assert.deepEqual([count, error.code, error.status], [1, 'unreachable', undefined])
    assert.equal(error.detail, `${gateway.url} cannot be reached (ECONNREFUSED).`)
  })

  it('is made again when the connection is closed without an answer', async () => {
    await using gateway = await startGateway((request, response, count) => {
      if (count === 1) response.destroy()
      else answerWell(request, response, count)
    })
    assert.equal((await createOcrClient({ url: gateway.url }).recognize(bytes('one'))).text, 'one')
  })

  it('ends at its time limit', async () => {
    await using gateway = await startGateway(() => {})
    const client = createOcrClient({ url: gateway.url, timeoutMs: 100 })
    assert.equal((await failureOf(client.recognize(bytes('one')))).code, 'timed_out')
    assert.equal((await failureOf(collect(client.pages(bytes('one'))))).code, 'timed_out')
  })
})

describe('a call that is cancelled', () => {
  const reason = new Error('enough')

  it('throws the reason and ends the request', async () => {
    const stop = new AbortController()
    const closed = Promise.withResolvers<void>()
    await using gateway = await startGateway((_request, response) => {
      response.on('close', closed.resolve)
      stop.abort(reason)
    })
    const client = createOcrClient({ url: gateway.url })
    await assert.rejects(client.recognize(bytes('one'), { signal: stop.signal }), reason)
    await closed.promise
  })

  it('throws the reason in the middle of the pages', async () => {
    const stop = new AbortController()
    await using gateway = await startGateway((_request, response) => {
      response.write(linesOf(documentOf('one'))[0])
    })
    const events = createOcrClient({ url: gateway.url }).pages(bytes('one'), stop)
    await assert.rejects(async () => {
      for await (const _ of events) stop.abort(reason)
    }, reason)
  })

  it('throws the reason in the wait before another attempt', async () => {
    await using gateway = await startGateway((_request, response) =>
      refuse(response, busy, { 'retry-after': '50' }),
    )
    const stop = new AbortController()
    const onRetry = () => void setImmediate(() => stop.abort(reason))
    const call = createOcrClient({ url: gateway.url }).languages({ signal: stop.signal, onRetry })
    await assert.rejects(call, reason)
  })

  it('sends nothing when it is cancelled before', async () => {
    await using gateway = await startGateway()
    const call = createOcrClient({ url: gateway.url }).languages({
      signal: AbortSignal.abort(reason),
    })
    await assert.rejects(call, reason)
    assert.equal(gateway.received.length, 0)
  })
})

describe('what is no file', () => {
  it('is refused, and not sent as something else', async () => {
    await using gateway = await startGateway()
    const client = createOcrClient({ url: gateway.url })
    for (const file of ['scan.png', undefined, [1, 2]]) {
      // @ts-expect-error as callers without types do
      await assert.rejects(client.recognize(file), {
        name: 'TypeError',
        message: 'file must be bytes, a Blob or a stream',
      })
    }
    assert.equal(gateway.received.length, 0)
  })
})

describe('createOcrClient', () => {
  it('shows the URL that is none, without the password in it', () => {
    const message = 'The URL must be like https://ocr.example.com, but is "…@host".'
    assert.throws(() => createOcrClient({ url: 'user:secret@host' }), { message })
  })

  for (const url of ['ftp://host', 'nonsense', 'http://user:secret@host/']) {
    it(`refuses the URL ${url}`, () => {
      assert.throws(() => createOcrClient({ url }), TypeError)
    })
  }

  it('refuses a key that no header can hold, without saying it', () => {
    assert.throws(
      () => createOcrClient({ url: 'http://host', key: 'se\ncret' }),
      (error: Error) => error instanceof TypeError && !error.message.includes('cret'),
    )
  })
})
