import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { clientError, requestError, tooSlow, toRawAnswer, toResponse } from './early-errors.ts'

const describeError = ({ message }: Error) => ({
  contentType: 'text/json',
  body: { says: message },
})

describe('an error before there is a request', () => {
  it('is told by what Node found', () => {
    const coded = (code: string) => Object.assign(new Error('detail'), { code })
    assert.equal(clientError(coded('ERR_HTTP_REQUEST_TIMEOUT')).kind, 'request_timeout')
    assert.equal(clientError(coded('HPE_HEADER_OVERFLOW')).kind, 'headers_too_large')
    assert.equal(clientError(coded('HPE_INVALID_METHOD')).kind, 'invalid_request')
    assert.equal(requestError(new Error('detail')).kind, 'internal')
    assert.equal(requestError(tooSlow()).kind, 'request_timeout')
  })

  it('is the same as a response and as bytes', async () => {
    const response = toResponse(tooSlow(), describeError)
    const raw = toRawAnswer(tooSlow(), describeError)
    const [head = '', body] = raw.split('\r\n\r\n')
    assert.equal(response.status, 408)
    assert.match(head, /^HTTP\/1.1 408 /)
    assert.equal(await response.text(), body)
    assert.match(head, new RegExp(`^Content-Type: ${response.headers.get('content-type')}$`, 'm'))
    assert.match(head, new RegExp(`^Content-Length: ${body?.length}$`, 'm'))
  })
})
