import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { describe, it } from 'node:test'
import { createTerminal } from './terminal.ts'

/** What arrives at the standard output. */
async function printed(chunk: string | Uint8Array, { isTTY }: { isTTY: boolean }): Promise<string> {
  const chunks: Buffer[] = []
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(chunk)
      done()
    },
  })
  const { print } = createTerminal({
    stdout: Object.assign(stdout, { isTTY }),
    stderr: new Writable(),
    isQuiet: false,
    stopping: new AbortController(),
  })
  await print(chunk)
  return Buffer.concat(chunks).toString()
}

describe('print', () => {
  const text = 'one\u001B]0;title\u0007\n\ftwo\u009B2J'

  it('does not let a text steer a terminal, and ends its last line', async () => {
    const shown = 'one\uFFFD]0;title\uFFFD\n\ftwo\uFFFD2J\n'
    assert.equal(await printed(text, { isTTY: true }), shown)
  })

  it('writes a text to the byte where there is no terminal', async () => {
    assert.equal(await printed(text, { isTTY: false }), text)
    assert.equal(await printed(Buffer.from(text), { isTTY: false }), text)
  })
})
