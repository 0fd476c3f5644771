import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { failing, fileIn, gateway, unavailable } from '../fixtures/gateway.ts'

const ours = 'https://app.example.org'
const others = 'https://evil.example.org'
const preflight = (origin: string): RequestInit => ({
  method: 'OPTIONS',
  headers: {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type,x-api-key',
  },
})

const corsHeaders = ({ headers }: Response) =>
  [...headers.keys()].filter((name) => name.startsWith('access-control-'))
const listIn = (response: Response, name: string) =>
  (response.headers.get(name) ?? '').split(',').map((item) => item.trim().toLowerCase())

describe('what pages of other origins may ask', () => {
  it('is nothing unless somebody says so', async () => {
    const { request } = gateway()
    const asked = await request('/v1/ocr', preflight(ours))
    assert.equal(asked.status, 204)
    assert.deepEqual(corsHeaders(asked), [])
    assert.deepEqual(corsHeaders(await request('/v1/ocr', fileIn({ origin: ours }))), [])
  })

  it('is told before a request to those that are let in', async () => {
    const { request } = gateway({
      corsOrigins: [ours, 'http://localhost:3000'],
      access: { enter: () => assert.fail('a browser sends no key with this') },
    })
    for (const origin of [ours, 'http://localhost:3000']) {
      const response = await request('/v1/ocr', preflight(origin))
      assert.equal(response.status, 204)
      assert.equal(await response.text(), '')
      assert.equal(response.headers.get('access-control-allow-origin'), origin)
      assert.ok(listIn(response, 'access-control-allow-methods').includes('post'))
      const allowed = listIn(response, 'access-control-allow-headers')
      for (const name of ['authorization', 'content-type', 'if-none-match', 'x-api-key']) {
        assert.ok(allowed.includes(name), name)
      }
      assert.ok(listIn(response, 'vary').includes('origin'))
      assert.equal(response.headers.get('access-control-allow-credentials'), null)
    }
  })

  it('is told with the answer, and with an error', async () => {
    for (const options of [{}, { recognize: failing(unavailable) }]) {
      const { request } = gateway({ corsOrigins: [ours], ...options })
      const response = await request('/v1/ocr', fileIn({ origin: ours }))
      assert.equal(response.headers.get('access-control-allow-origin'), ours)
      assert.deepEqual(listIn(response, 'vary').toSorted(), ['accept', 'origin'])
      const exposed = listIn(response, 'access-control-expose-headers')
      for (const name of ['etag', 'ocr-complete', 'ocr-error-kind', 'retry-after']) {
        assert.ok(exposed.includes(name), name)
      }
    }
  })

  it('is nothing for any other origin', async () => {
    const { request } = gateway({ corsOrigins: [ours] })
    for (const origin of [others, 'null', `${ours}.evil.example.org`, `${ours}:8443`]) {
      for (const init of [preflight(origin), fileIn({ origin })]) {
        const response = await request('/v1/ocr', init)
        assert.equal(response.headers.get('access-control-allow-origin'), null, origin)
        assert.ok(listIn(response, 'vary').includes('origin'))
      }
    }
  })

  it('is everything for everybody when the origin is *', async () => {
    const { request } = gateway({ corsOrigins: ['*'] })
    for (const init of [preflight(others), fileIn({ origin: others })]) {
      const response = await request('/v1/ocr', init)
      assert.equal(response.headers.get('access-control-allow-origin'), '*')
    }
  })
})

describe('what a browser may do with an answer', () => {
  it('is nothing, whatever the answer is', async () => {
    const { request } = gateway({ maxUploadBytes: 1000 })
    for (const [path, init] of [
      ['/v1/ocr', fileIn()],
      ['/v1/ocr?format=hocr', fileIn({ accept: 'text/html' })],
      ['/v1/ocr?format=ndjson', fileIn()],
      ['/v1/ocr?psm=99', fileIn()],
      ['/v1/ocr', fileIn({}, 'x'.repeat(1001))],
      ['/v1/ocr', {}],
      ['/nowhere', {}],
      ['/livez', {}],
      ['/openapi.json', {}],
      ['/documents', {}],
    ] as const) {
      const { headers, body } = await request(path, init)
      // Lest a stream keeps the time of its request.
      await body?.cancel()
      assert.equal(
        headers.get('content-security-policy'),
        "default-src 'none'; frame-ancestors 'none'",
        path,
      )
      assert.equal(headers.get('x-content-type-options'), 'nosniff')
      assert.equal(headers.get('referrer-policy'), 'no-referrer')
      assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin')
      assert.equal(headers.get('x-powered-by'), null)
    }
  })
})
