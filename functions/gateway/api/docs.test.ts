import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gateway } from '../fixtures/gateway.ts'

const { request, held } = gateway({
  access: { enter: () => assert.fail('the documentation needs no key') },
})

/** What a page or a style sheet has a browser fetch. */
const fetchedBy = (source: string): string[] =>
  [...source.matchAll(/(?:\b(?:src|href)="|\burl\(["']?|@import\s+["'])([^"')]{0,40})/g)].map(
    ([, target = '']) => target,
  )

describe('the documentation', () => {
  it('is a page whose parts are all served here', async () => {
    for (const path of ['/docs', '/docs/']) {
      const response = await request(path)
      assert.equal(response.status, 200)
      assert.match(response.headers.get('content-type') ?? '', /^text\/html; charset=utf-8$/i)
      const parts = fetchedBy(await response.text())
      assert.equal(parts.length, 3)
      for (const part of parts) {
        assert.match(part, /^\/docs\/[\w.-]+$/)
        assert.equal((await request(part)).status, 200, part)
      }
    }
    assert.equal(held.visits, 0)
  })

  for (const [asset, contentType, content] of [
    ['swagger-ui.css', 'text/css; charset=utf-8', /\.swagger-ui/],
    ['swagger-ui-bundle.js', 'text/javascript; charset=utf-8', /SwaggerUIBundle/],
    ['start.js', 'text/javascript; charset=utf-8', /^SwaggerUIBundle\(/],
  ] as const) {
    it(`has ${asset}`, async () => {
      const response = await request(`/docs/${asset}`)
      assert.equal(response.status, 200)
      assert.equal(response.headers.get('content-type'), contentType)
      assert.match(await response.text(), content)
    })
  }

  it('names no other origin', async () => {
    const page = await (await request('/docs')).text()
    const start = await (await request('/docs/start.js')).text()
    assert.doesNotMatch(page + start, /\/\//)
    assert.match(start, /url: '\/openapi\.json'/)
    // Without this the interface asks a validator on the internet.
    assert.match(start, /validatorUrl: null/)
    const style = await (await request('/docs/swagger-ui.css')).text()
    for (const target of fetchedBy(style)) assert.match(target, /^data:/)
  })

  it('may have nothing but its own scripts, and nobody else asked', async () => {
    for (const path of ['/docs', '/docs/start.js']) {
      const policy = (await request(path)).headers.get('content-security-policy') ?? ''
      const directives = new Map(
        policy.split('; ').map((directive): [string, string] => {
          const [name = '', ...values] = directive.split(' ')
          return [name, values.join(' ')]
        }),
      )
      assert.equal(directives.get('default-src'), "'none'")
      assert.equal(directives.get('script-src'), "'self'")
      assert.equal(directives.get('connect-src'), "'self'")
      assert.equal(directives.get('frame-ancestors'), "'none'")
    }
  })

  it('sends its parts compressed to whoever takes that', async () => {
    const headers = { 'accept-encoding': 'gzip' }
    const response = await request('/docs/swagger-ui-bundle.js', { headers })
    assert.equal(response.headers.get('content-encoding'), 'gzip')
    const compressed = (await response.arrayBuffer()).byteLength
    const whole = await (await request('/docs/swagger-ui-bundle.js')).arrayBuffer()
    assert.ok(compressed > 0 && compressed < whole.byteLength / 2)
  })

  for (const asset of ['package.json', 'swagger-ui.js', 'toString', '..%2Fpackage.json', 'a/b']) {
    it(`has no ${asset}`, async () => {
      assert.equal((await request(`/docs/${asset}`)).status, 404)
    })
  }
})
