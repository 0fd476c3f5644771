import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { curlLine } from './curl.ts'
import { defaultOptions } from './options.ts'

const base = 'http://127.0.0.1:8001/'
const line = (path: string, change: Partial<Parameters<typeof curlLine>[0]> = {}) =>
  curlLine({ base, path, options: defaultOptions, hasKey: false, ...change })

/** The arguments that a shell gives to curl. */
function argumentsOf(command: string, env: Record<string, string> = {}): string[] {
  const script = `curl() { printf '%s\\0' "$@"; }\n${command}`
  return execFileSync('sh', ['-c', script], { env, encoding: 'utf8' }).split('\0').slice(0, -1)
}

describe('the command', () => {
  it('is plain for a plain name', () => {
    const expected = 'curl -F file=@examples/invoice.png http://127.0.0.1:8001/v1/ocr'
    assert.equal(line('examples/invoice.png'), expected)
  })

  for (const name of [
    'two words.pdf',
    "it's.png",
    '$(touch x) `id` $HOME.png',
    'a\nb.png',
    '"quoted".png',
    'back\\slash.png',
    'a;type=text/html.png',
    'a,b.png',
    '-',
    '-o.png',
    '!hi & > x | y *.png',
    'größe.png',
    ' leading.png',
  ]) {
    it(`gives curl the name ${JSON.stringify(name)} and nothing else`, () => {
      const [flag, part = '', url, ...more] = argumentsOf(line(name), { HOME: '/home' })
      assert.deepEqual([flag, url, more], ['-F', `${base}v1/ocr`, []])
      const given = part.replace(/^file=@/, '')
      // How curl reads a name in quotes (curl(1), --form).
      const read = given.startsWith('"') ? given.slice(1, -1).replace(/\\(.)/g, '$1') : given
      assert.equal(read.replace(/^\.\/-/, '-'), name)
      assert.notEqual(read, '-')
      if (!given.startsWith('"')) assert.doesNotMatch(given, /[;,"\\]/)
    })
  }

  it('has the options, of which none is taken for more than its value', () => {
    const options = { ...defaultOptions, languages: ['deu', 'eng'], pages: '@/etc/passwd;x' }
    assert.deepEqual(argumentsOf(line('a.png', { options })).slice(2, -1), [
      '-F',
      'lang=deu+eng',
      '--form-string',
      'pages=@/etc/passwd;x',
    ])
  })

  it('takes the key from the environment', () => {
    const command = line('a.png', { hasKey: true })
    assert.deepEqual(argumentsOf(command, { OCR_KEY: 'ocr_1' }).slice(0, 2), [
      '-H',
      'Authorization: Bearer ocr_1',
    ])
  })
})
