import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { OcrError } from '../contract/errors.ts'
import { createQuarantine } from './quarantine.ts'

const document = Buffer.from('a document')
const crash = async () => {
  throw new OcrError('engine_crashed', 'The engine failed twice on this image.')
}
const read = async () => 'text'

describe('the quarantine', () => {
  it('refuses a page that has killed its engines, without reading it, and only that', async () => {
    const quarantine = createQuarantine({ forMs: 600_000 })
    await assert.rejects(quarantine.of(document).guard({ number: 1 }, crash), /failed twice/)
    const again = quarantine.of(Buffer.from(document))
    await assert.rejects(again.guard({ number: 1 }, read), {
      kind: 'engine_crashed',
      message: /within the last 10 minutes/,
    })
    assert.equal(await again.guard({ number: 2 }, read), 'text')
    const other = quarantine.of(Buffer.from('another document'))
    assert.equal(await other.guard({ number: 1 }, read), 'text')
  })

  it('does not hold any other failure against a page', async () => {
    const { guard } = createQuarantine({ forMs: 600_000 }).of(document)
    const slow = async () => {
      throw new OcrError('page_timeout', 'Reading the page took longer than 30 s.')
    }
    await assert.rejects(guard({ number: 1 }, slow))
    assert.equal(await guard({ number: 1 }, read), 'text')
  })

  it('ends with its time', async () => {
    const { guard } = createQuarantine({ forMs: 20 }).of(document)
    await assert.rejects(guard({ number: 1 }, crash))
    await assert.rejects(guard({ number: 1 }, read))
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.equal(await guard({ number: 1 }, read), 'text')
  })

  it('is not there when its time is 0', async () => {
    const { guard } = createQuarantine({ forMs: 0 }).of(document)
    await assert.rejects(guard({ number: 1 }, crash))
    assert.equal(await guard({ number: 1 }, read), 'text')
  })

  it('keeps the latest thousand pages', async () => {
    const { guard } = createQuarantine({ forMs: 600_000 }).of(document)
    for (let number = 0; number <= 1000; number++) await assert.rejects(guard({ number }, crash))
    await assert.rejects(guard({ number: 1 }, read))
    assert.equal(await guard({ number: 0 }, read), 'text')
  })
})
