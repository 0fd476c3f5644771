import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Format } from '../../functions/contract/answer-formats.ts'
import type { Input } from './inputs.ts'
import { planTargets } from './outputs.ts'

const input = (path: string, relativePath = path): Input => ({ label: path, path, relativePath })
const targets = (inputs: Input[], format: Format, folder?: string) => [
  ...planTargets(inputs, { format, folder }).values(),
]

describe('planTargets', () => {
  for (const [format, expected] of [
    ['text', 'in/scan.1.txt'],
    ['json', 'in/scan.1.json'],
    ['ndjson', 'in/scan.1.ndjson'],
    ['hocr', 'in/scan.1.hocr'],
    ['tsv', 'in/scan.1.tsv'],
    ['alto', 'in/scan.1.alto.xml'],
    ['pdf', 'in/scan.1.ocr.pdf'],
  ] as const) {
    it(`names a file of ${format} beside its input`, () => {
      assert.deepEqual(targets([input('in/scan.1.pdf', 'scan.1.pdf')], format), [expected])
    })
  }

  it('keeps the folders below the one that was named', () => {
    const inputs = [input('in/a/x.png', 'a/x.png'), input('in/b/x.png', 'b/x.png')]
    assert.deepEqual(targets(inputs, 'text', 'out'), ['out/a/x.txt', 'out/b/x.txt'])
  })

  it('does not leave the folder', () => {
    assert.deepEqual(targets([input('../a/x.png')], 'text', 'out'), ['out/a/x.txt'])
  })

  it('keeps the extension of inputs that have the rest of their names in common', () => {
    const inputs = [input('x.png'), input('x.tif'), input('y.png')]
    assert.deepEqual(targets(inputs, 'text'), ['x.png.txt', 'x.tif.txt', 'y.txt'])
  })

  it('refuses two inputs that would be written to the same file all the same', () => {
    const inputs = [input('a/x.png', 'x.png'), input('b/x.png', 'x.png')]
    assert.throws(() => targets(inputs, 'text', 'out'), {
      name: 'UsageError',
      message: 'a/x.png and b/x.png would both be written to out/x.png.txt.',
    })
  })

  it('refuses to write over an input', () => {
    assert.throws(() => targets([input('in/x.ocr.pdf'), input('in/x.png')], 'pdf'), {
      name: 'UsageError',
      message: 'in/x.ocr.pdf would be overwritten, which is to be read.',
    })
  })

  it('refuses the standard input, which has no name', () => {
    const stdin = { label: 'standard input', path: undefined, relativePath: '' }
    assert.throws(() => targets([stdin], 'text', 'out'), { name: 'UsageError' })
  })
})
