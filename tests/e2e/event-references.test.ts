import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { describe, it } from 'node:test'
import { recordingServer } from '../services/http-server.ts'
import type { Service } from '../services/start.ts'
import { messageOf, submitted } from './broker.ts'
import { gatewayFor, image, MiB, nobody, problemIn, recognizedIn, send } from './event-gateway.ts'

describe('an event whose document is elsewhere', () => {
  const store: RequestListener = (request, response) => {
    const { url } = request
    if (url === '/image') response.end(image)
    else if (url === '/moved') response.writeHead(302, { location: '/image' }).end()
    else if (url === '/away') response.writeHead(302, { location: `${nobody}/image` }).end()
    else if (url === '/large') response.end(Buffer.alloc(MiB + 1))
    else if (url === '/endless') {
      const more = () => response.write(Buffer.alloc(2 ** 16), more)
      more()
    } else if (url === '/page') response.end('<html></html>')
    else if (url === '/broken') response.writeHead(500).end()
    else if (url === '/cut')
      response.writeHead(200, { 'content-length': 9 }).write('x', () => response.destroy())
    else if (url !== '/silent') response.writeHead(404).end()
  }

  const sendReference = (gateway: Service, dataref: string) =>
    send(gateway, messageOf(submitted({ id: dataref, dataref })))

  it('is read where the settings allow it, and otherwise told to come again or not', async (t) => {
    const { origin } = await recordingServer(t, store)
    const gateway = await gatewayFor(t, {
      OCR_MAX_UPLOAD_BYTES: String(MiB),
      OCR_DATAREF_ORIGINS: origin,
      OCR_DATAREF_PRIVATE_NETWORKS: '127.0.0.0/8',
      OCR_DATAREF_TIMEOUT_MS: '500',
    })
    const json = { id: 'json', datacontenttype: 'application/json' }
    const inData = submitted({ ...json, data: { dataref: `${origin}/image`, psm: 6 } })
    for (const answer of [
      await sendReference(gateway, `${origin}/image`),
      await sendReference(gateway, `${origin}/moved`),
      await send(gateway, messageOf(inData, 'structured')),
    ]) {
      assert.equal((await recognizedIn(answer)).text, 'Total 12.50')
    }
    for (const [dataref, expected] of [
      [`${nobody}/image`, '422 reference_refused'],
      [`${origin}/away`, '422 reference_refused'],
      [`${origin}/gone`, '422 reference_refused'],
      [`${origin}/large`, '413 payload_too_large'],
      [`${origin}/endless`, '413 payload_too_large'],
      [`${origin}/page`, '415 unsupported_media'],
      [`${origin}/broken`, '503 reference_unavailable'],
      [`${origin}/cut`, '503 reference_unavailable'],
      [`${origin}/silent`, '503 reference_unavailable'],
    ] as const) {
      const answer = await sendReference(gateway, dataref)
      assert.equal(answer.headers.has('retry-after'), answer.status === 503, dataref)
      assert.equal(await problemIn(answer, dataref), expected, dataref)
    }
  })

  it('is not asked for at a private address unless the settings allow that', async (t) => {
    const { origin, received } = await recordingServer(t, store)
    const gateway = await gatewayFor(t, { OCR_DATAREF_ORIGINS: origin })
    const answer = await sendReference(gateway, `${origin}/image`)
    assert.equal(await problemIn(answer), '422 reference_refused')
    assert.equal(received.length, 0)
  })
})
