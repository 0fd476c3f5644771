import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Failure } from './errors.ts'
import { defaultOptions } from './options.ts'
import { createGateway } from './request.ts'

interface Sent {
  readonly url: URL
  readonly init: RequestInit
}

/** A gateway that answers so, and what it was asked. */
function answering(answer: () => Response | Promise<Response>) {
  const sent: Sent[] = []
  const gateway = createGateway(async (path, init = {}) => {
    sent.push({ url: new URL(String(path), 'http://gateway/'), init })
    return answer()
  })
  return { gateway, sent }
}

const file = new Blob(['%PDF-'], { type: 'application/json' })
const asking = (key = '') => ({ key, signal: new AbortController().signal })

async function readAll<T>(lines: AsyncGenerator<T, void>): Promise<T[]> {
  const all: T[] = []
  for await (const line of lines) all.push(line)
  return all
}

const end = '{"type":"end","document":{}}'
const problem = { title: 'Damaged', detail: 'It is damaged.', code: 'undecodable_image' }

async function typesOf(text: string): Promise<string[]> {
  const { gateway } = answering(() => new Response(text))
  const lines = await readAll(gateway.read(file, defaultOptions, asking()))
  return lines.map(({ type }) => type)
}

describe('reading', () => {
  it('sends the file as it is, with the options in the query', async () => {
    const { gateway, sent } = answering(() => new Response(end))
    const options = { ...defaultOptions, languages: ['deu', 'eng'] }
    await readAll(gateway.read(file, options, asking('ocr_1')))
    const [request] = sent
    assert.equal(request?.url.pathname, '/v1/ocr')
    assert.deepEqual(Object.fromEntries(request?.url.searchParams ?? []), {
      format: 'ndjson',
      pictures: 'true',
      lang: 'deu+eng',
    })
    assert.equal(request?.init.body, file)
    const headers = new Headers(request?.init.headers)
    // Not what the file calls itself: JSON would be taken for a request.
    assert.equal(headers.get('content-type'), 'application/octet-stream')
    assert.equal(headers.get('authorization'), 'Bearer ocr_1')
  })

  it('sends no key that is not there', async () => {
    const { gateway, sent } = answering(() => new Response(end))
    await readAll(gateway.read(file, defaultOptions, asking()))
    assert.equal(new Headers(sent[0]?.init.headers).has('authorization'), false)
  })

  it('ends with the document, whatever follows', async () => {
    assert.deepEqual(await typesOf(`{"type":"start"}\n${end}\n{"type":"page"}\n`), ['start', 'end'])
  })

  it('fails when the answer ends before the document', async () => {
    await assert.rejects(typesOf('{"type":"start"}\n'), /not whole/)
    await assert.rejects(typesOf(''), /not whole/)
  })

  it('fails as the stream or the answer says', async () => {
    const line = JSON.stringify({ type: 'error', problem })
    await assert.rejects(typesOf(line), (error) => {
      assert.ok(error instanceof Failure)
      assert.equal(error.options.code, 'undecodable_image')
      return true
    })
    const { gateway } = answering(() => Response.json(problem, { status: 422 }))
    await assert.rejects(readAll(gateway.read(file, defaultOptions, asking())), /damaged/)
  })

  it('throws the reason of its signal when nobody waits any more', async () => {
    const controller = new AbortController()
    const reason = new Error('gone')
    const { gateway } = answering(() => {
      controller.abort(reason)
      throw new TypeError('Failed to fetch')
    })
    const reading = gateway.read(file, defaultOptions, { key: '', signal: controller.signal })
    await assert.rejects(reading.next(), reason)
  })
})

describe('other answers', () => {
  it('are asked for by their format', async () => {
    const { gateway, sent } = answering(() => new Response('%PDF-'))
    const blob = await gateway.render(file, defaultOptions, 'pdf', asking())
    assert.equal(await blob.text(), '%PDF-')
    assert.equal(sent[0]?.url.search, '?format=pdf')
  })

  it('are failures where the connection fails', async () => {
    const { gateway } = answering(() => Promise.reject(new TypeError('Failed to fetch')))
    await assert.rejects(gateway.render(file, defaultOptions, 'tsv', asking()), Failure)
    await assert.rejects(gateway.languages(asking()), Failure)
  })

  it('tell the languages', async () => {
    const { gateway, sent } = answering(() => Response.json({ default: 'eng' }))
    assert.equal((await gateway.languages(asking())).default, 'eng')
    assert.equal(sent[0]?.url.pathname, '/v1/languages')
  })
})
