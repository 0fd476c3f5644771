import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { describe, it } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { createProgress } from './progress.ts'

/** What is written, as a terminal gets it. */
const terminal = (isTTY: boolean) => {
  const chunks: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk))
      done()
    },
  })
  return {
    stream: Object.assign(stream, { isTTY, columns: 80 }),
    last: () => stripVTControlCharacters(chunks.join('')).split('[').at(-1),
    raw: () => chunks.join(''),
  }
}

describe('createProgress', () => {
  it('counts the pages of each file as soon as it knows them', () => {
    const { stream, last } = terminal(true)
    const progress = createProgress({ stream, isQuiet: false, files: 2, unit: 'pages' })
    assert.match(last() ?? '', / 0\/2 pages/)
    const first = progress.file()
    first.update({ done: 0, total: 5 })
    first.update({ done: 3, total: 5 })
    progress.aside(() => {})
    assert.match(last() ?? '', / 3\/6 pages/)
    first.finish()
    progress.file().finish()
    progress.stop()
    assert.match(last() ?? '', / 6\/6 pages/)
  })

  it('is out of the way of what is written beside it, and of everything at its end', () => {
    const { stream, raw } = terminal(true)
    const progress = createProgress({ stream, isQuiet: false, files: 1, unit: 'files' })
    progress.aside(() => stream.write('a note\n'))
    progress.stop()
    const clearLine = '\u001B[2K'
    assert.ok(raw().includes(`${clearLine}a note\n`))
    assert.ok(raw().endsWith(clearLine))
  })

  for (const [how, isTTY, isQuiet, files] of [
    ['without a terminal', false, false, 1],
    ['when it is to be quiet', true, true, 1],
    ['when there is nothing to read', true, false, 0],
  ] as const) {
    it(`writes nothing ${how}`, () => {
      const { stream, raw } = terminal(isTTY)
      const progress = createProgress({ stream, isQuiet, files, unit: 'files' })
      progress.file().finish()
      progress.aside(() => {})
      progress.stop()
      assert.equal(raw(), '')
    })
  }
})
