import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { describe, it } from 'node:test'
import { createLazySource } from './lazy-source.ts'

const url = new URL('s3://documents/a')
const { signal } = new AbortController()

describe('a lazy source', () => {
  it('is made once, for the first documents', async () => {
    let [made, closed] = [0, 0]
    const source = createLazySource(async () => {
      made++
      const document = { announcedBytes: 0, body: Readable.from([]) }
      return { open: async () => document, close: async () => void closed++ }
    })
    assert.equal(made, 0)
    await Promise.all([source.open(url, signal), source.open(url, signal)])
    assert.equal(made, 1)
    await source.close()
    assert.equal(closed, 1)
  })

  it('is closed without being made, and when it could not be made', async () => {
    const error = new Error('no SDK')
    const source = createLazySource(() => Promise.reject(error))
    await source.close()
    await assert.rejects(source.open(url, signal), error)
    await source.close()
  })
})
