import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { line, lines } from '../../scripts/commands.mjs'

/** The words of a command as a shell reads them. */
const wordsInShell = (text: string): string[] =>
  execFileSync('sh', ['-c', `printf '%s\\0' ${text}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1)

const argv = [
  'helm',
  '--set=a=$(touch x);`id`',
  "it's",
  '$HOME',
  '*',
  '~',
  '#x',
  '{"data":{"a":""}}',
  'line\nbreak',
  '',
  '--selector=a,b!=c',
  'kindest/node:v1@sha256:00',
]

describe('a printed command', () => {
  it('is to a shell what the script runs', () => {
    assert.deepEqual(wordsInShell(line({ argv })), argv)
  })

  it('is so in several lines as well', () => {
    const printed = lines({ argv }, 40)
    assert.ok(printed.length > 3)
    assert.deepEqual(wordsInShell(printed.join('\n')), argv)
  })

  it('has lines no longer than asked for, unless a word is', () => {
    const short = { argv: Array.from({ length: 30 }, (_, index) => `word-${index}`) }
    for (const width of [20, 40, 119]) {
      const longest = Math.max(...lines(short, width).map((text) => text.length))
      assert.ok(longest <= width && longest > width - 12, `${longest} of ${width}`)
    }
    assert.deepEqual(lines({ argv: ['a', 'x'.repeat(50)] }, 20), ['a \\', `  ${'x'.repeat(50)}`])
  })

  it('shows where its input comes from', () => {
    assert.equal(line({ from: ['echo', 'a b'], argv: ['cat'] }), "echo 'a b' | cat")
  })
})
