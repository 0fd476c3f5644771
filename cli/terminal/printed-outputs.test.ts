import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createPrintedOutputs } from './printed-outputs.ts'

/** Outputs whose print is kept. */
const kept = (hasHeaders = false) => {
  const printed: string[] = []
  const open = createPrintedOutputs(async (chunk) => void printed.push(String(chunk)), {
    hasHeaders,
  })
  return { open, text: () => printed.join('') }
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('createPrintedOutputs', () => {
  it('prints the first one as it comes', async () => {
    const { open, text } = kept()
    await using first = open('a')
    await turn()
    await first.write('1')
    assert.equal(text(), '1')
  })

  it('has the others wait for their turn, in the order in which they were opened', async () => {
    const { open, text } = kept()
    const [a, b, c] = ['a', 'b', 'c'].map(open)
    assert.ok(a && b && c)
    await c.write('c')
    const all = [
      c.finish().then(() => c[Symbol.asyncDispose]()),
      b.write('b').then(async () => {
        await b.finish()
        await b[Symbol.asyncDispose]()
      }),
    ]
    await turn()
    assert.equal(text(), '')
    await a.write('a')
    await a.finish()
    await a[Symbol.asyncDispose]()
    await Promise.all(all)
    assert.equal(text(), 'abc')
  })

  it('goes on without one that failed, of which nothing is printed', async () => {
    const { open, text } = kept()
    const [a, b, c] = ['a', 'b', 'c'].map(open)
    assert.ok(a && b && c)
    await b.write('half')
    await b[Symbol.asyncDispose]()
    const end = c.write('c').then(() => c.finish())
    await a.write('a')
    await a.finish()
    await a[Symbol.asyncDispose]()
    await end
    assert.equal(text(), 'ac')
  })

  it('puts a header before each, but not before one that failed', async () => {
    const { open, text } = kept(true)
    for (const [label, isGood] of [
      ['a', true],
      ['b', false],
      ['c', true],
    ] as const) {
      await using output = open(label)
      if (!isGood) continue
      await output.write(`${label}\n`)
      await output.finish()
    }
    assert.equal(text(), '==> a <==\na\n\n==> c <==\nc\n')
  })
})
