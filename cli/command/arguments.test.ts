import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseCommand, type ReadCommand } from './arguments.ts'
import { defaultUrl } from './flags.ts'

const read = (...args: string[]): ReadCommand => {
  const command = parseCommand(args, {})
  assert.ok(command.action === 'read')
  return command
}
const refused = (message: RegExp) => ({ name: 'UsageError', message })

describe('parseCommand', () => {
  it('prints the text of files unless it is told otherwise', () => {
    assert.deepEqual(read('a.png', 'b.pdf'), {
      action: 'read',
      url: defaultUrl,
      files: ['a.png', 'b.pdf'],
      options: {},
      format: 'text',
      detail: undefined,
      writing: undefined,
      isRecursive: false,
      isQuiet: false,
      jobs: 2,
    })
  })

  it('has a flag for every option of a recognition', () => {
    const args = [
      ...['--lang', 'eng+deu', '--profile', 'best', '--psm', '6', '--oem=1', '--dpi', '300'],
      ...['--pages', '1-3,7', '--rotate', 'auto', '--preserve-interword-spaces'],
      ...['--allowlist', '0123456789', '--denylist=-'],
    ]
    assert.deepEqual(read(...args).options, {
      lang: 'eng+deu',
      profile: 'best',
      psm: 6,
      oem: 1,
      dpi: 300,
      pages: '1-3,7',
      rotate: 'auto',
      preserve_interword_spaces: true,
      allowlist: '0123456789',
      denylist: '-',
    })
  })

  it('writes files beside the inputs or into a folder', () => {
    const careful = { folder: undefined, isForced: false, isSkipping: false }
    assert.deepEqual(read('-w', 'a').writing, careful)
    const forced = { folder: 'out', isForced: true, isSkipping: false }
    assert.deepEqual(read('-o', 'out', '--force', 'a').writing, forced)
    assert.deepEqual(read('-w', '--skip-existing').writing, { ...careful, isSkipping: true })
  })

  it('takes short flags together, and files after --', () => {
    const { isRecursive, isQuiet, files } = read('-rq', '--', '-scan.png')
    assert.deepEqual([isRecursive, isQuiet, files], [true, true, ['-scan.png']])
  })

  it('takes "-" for a file', () => assert.deepEqual(read('-').files, ['-']))

  it('takes the URL from the flag, then from OCR_URL', () => {
    const environment = { OCR_URL: 'http://one' }
    const urlOf = (...args: string[]) => {
      const command = parseCommand(args, environment)
      return 'url' in command ? command.url : undefined
    }
    assert.equal(urlOf('a'), 'http://one')
    assert.equal(urlOf('--url', 'http://two', '--languages'), 'http://two')
    assert.deepEqual(parseCommand(['--languages'], { OCR_URL: '' }), {
      action: 'languages',
      url: defaultUrl,
    })
  })

  it('shows the help whatever else there is', () => {
    assert.deepEqual(parseCommand(['a', '-f', 'x', '--help'], {}), { action: 'help' })
    assert.deepEqual(parseCommand(['-V'], {}), { action: 'version' })
  })

  for (const [jobs, isValid] of [
    ['0', false],
    ['1', true],
    ['16', true],
    ['17', false],
    ['x', false],
  ] as const) {
    it(`${isValid ? 'takes' : 'refuses'} ${jobs} jobs`, () => {
      if (isValid) assert.equal(read('-j', jobs, 'a').jobs, Number(jobs))
      else assert.throws(() => read('-j', jobs, 'a'), refused(/^--jobs must be .* from 1 to 16\.$/))
    })
  }

  for (const [args, message] of [
    [['--bogus'], /^Unknown option '--bogus'\.$/],
    [['--lang'], /^Option '-l, --lang <value>' argument missing\.$/],
    [['--write=yes'], /^Option '-w, --write' does not take an argument\.$/],
    [['--psm', '2'], /^--psm must be one of 1, 3, /],
    [['--lang', '../x'], /^--lang must be /],
    [['--format', 'docx'], /^--format must be one of json, text, /],
    [['--format', 'json', '--detail', 'all'], /^--detail must be one of text, lines, words\.$/],
    [['--detail', 'lines'], /^--detail is for --format json and ndjson\.$/],
    [
      ['--url', 'host:80'],
      /^The gateway's URL \(--url or OCR_URL\) must be like http:.*, but is "host:80"\.$/,
    ],
    [['--lang', 'eng, deu'], /^--lang: join languages by "\+": eng\+deu\.$/],
    [['-f', 'text', '-f', 'pdf'], /^--format can be given only once\.$/],
    [['--languages', 'a.png'], /^--languages takes no files\.$/],
    [['-w', '-o', 'out'], /--write is for files beside the inputs, --output-dir for a folder/],
    [['-o', '-'], /^--output-dir needs the name of a folder; without it the text is printed\.$/],
    [['-w', '--force', '--skip-existing'], /^--force overwrites files that --skip-existing keeps/],
    [['--skip-existing'], /^--skip-existing is for --write and --output-dir\.$/],
    [['--key', 'secret'], /^Unknown option '--key'\.$/],
  ] as const) {
    it(`refuses ${args.join(' ')}`, () => {
      assert.throws(() => parseCommand(args, {}), refused(message))
    })
  }
})
