import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { after, before, describe, it } from 'node:test'
import { maxFileBytes, readFileBytes, readStreamBytes } from './read-bytes.ts'

const { signal } = new AbortController()

describe('readFileBytes', () => {
  let path: string
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ocr-bytes-'))
    path = join(folder, 'scan.png')
  })
  after(() => rmSync(folder, { recursive: true }))

  it('reads a file up to the bound and none beyond', async () => {
    writeFileSync(path, 'bytes')
    assert.equal(String(await readFileBytes(path, { signal, maxBytes: 5 })), 'bytes')
    const more = readFileBytes(path, { signal, maxBytes: 4 })
    await assert.rejects(more, /^Error: it has more than 4 bytes$/)
  })

  it('does not begin to read one that is far too large', async () => {
    writeFileSync(path, '')
    truncateSync(path, maxFileBytes + 1)
    await assert.rejects(readFileBytes(path, { signal }), /it has more than/)
  })

  it('refuses an empty one', async () => {
    writeFileSync(path, '')
    await assert.rejects(readFileBytes(path, { signal }), /there is nothing in it/)
  })
})

describe('readStreamBytes', () => {
  const read = (chunks: string[], maxBytes?: number) =>
    readStreamBytes(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), {
      signal,
      ...(maxBytes !== undefined && { maxBytes }),
    })

  it('reads a stream up to the bound and none beyond', async () => {
    assert.equal(String(await read(['ab', 'c'], 3)), 'abc')
    await assert.rejects(read(['ab', 'cd'], 3), /it has more than 3 bytes/)
  })

  it('refuses an empty one', async () => {
    await assert.rejects(read([]), /there is nothing in it/)
  })

  it('lets go of one that does not end, when it is cancelled', async () => {
    const stop = new AbortController()
    const stream = new PassThrough()
    const reading = readStreamBytes(stream, { signal: stop.signal })
    stop.abort()
    await assert.rejects(reading)
    assert.ok(stream.destroyed)
  })
})
