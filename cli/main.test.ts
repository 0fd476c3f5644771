import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import packageJson from '../package.json' with { type: 'json' }
import {
  answerWell,
  busy,
  documentOf,
  linesOf,
  type Problem,
  refuse,
  startGateway,
} from './fixtures/gateway.ts'
import { resultOf, runOcr, spawnOcr } from './fixtures/run-ocr.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ocr-cli-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Files in the folder in which the command runs. */
function files(contents: Record<string, string>): void {
  for (const [name, content] of Object.entries(contents)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
}
const content = (name: string) => readFileSync(join(folder, name), 'utf8')
const ended = (code: number, stdout: string, stderr = '') => ({ code, stdout, stderr })

describe('ocr FILE', () => {
  it('prints the text of a file, and nothing else where there is no terminal', async () => {
    await using gateway = await startGateway()
    files({ 'scan.pdf': 'page one\fpage two' })
    const environment = { OCR_KEY: 'secret' }
    const args = ['scan.pdf', '--lang', 'eng+deu', '--preserve-interword-spaces']
    const result = await runOcr(args, { url: gateway.url, cwd: folder, environment })
    assert.deepEqual(result, ended(0, 'page one\fpage two\n'))
    const [request] = gateway.received
    assert.deepEqual(request?.query, {
      lang: 'eng+deu',
      preserve_interword_spaces: 'true',
      detail: 'text',
      format: 'ndjson',
    })
    assert.equal(request?.headers['authorization'], 'Bearer secret')
  })

  it('reads the standard input, named as "-" or not at all', async () => {
    await using gateway = await startGateway()
    for (const args of [[], ['-']]) {
      const result = await runOcr(args, { url: gateway.url, stdin: 'hello' })
      assert.deepEqual(result, ended(0, 'hello\n'))
    }
  })

  it('prints several files in their order, however long each takes, under headers', async () => {
    await using gateway = await startGateway((request, response, count) => {
      const delayMs = request.file === 'one' ? 200 : 0
      setTimeout(() => answerWell(request, response, count), delayMs)
    })
    files({ 'a.png': 'one', 'b.png': 'two', 'c.png': 'three' })
    const options = { url: gateway.url, cwd: folder }
    const args = ['-j', '3', 'b.png', 'a.png', 'c.png']
    const headed = '==> b.png <==\ntwo\n\n==> a.png <==\none\n\n==> c.png <==\nthree\n'
    assert.deepEqual(await runOcr(args, options), ended(0, headed))
    assert.deepEqual(await runOcr(['-q', ...args], options), ended(0, 'two\none\nthree\n'))
  })

  it('prints each document as a line of JSON with the name of its file', async () => {
    await using gateway = await startGateway()
    files({ 'a.png': 'one', 'b.png': 'two' })
    const options = { url: gateway.url, cwd: folder }
    const { stdout } = await runOcr(['-f', 'json', 'a.png', 'b.png'], options)
    const lines = stdout.trimEnd().split('\n')
    assert.deepEqual(
      lines.map((line) => JSON.parse(line)),
      [
        { file: 'a.png', ...documentOf('one') },
        { file: 'b.png', ...documentOf('two') },
      ],
    )
  })

  it('prints pages as NDJSON as soon as they are read', async () => {
    const lines = linesOf(documentOf('one\ftwo'))
    let finish = () => {}
    await using gateway = await startGateway((_request, response) => {
      response.write(lines.slice(0, 2).join(''))
      finish = () => response.end(lines.slice(2).join(''))
    })
    const child = spawnOcr(['-f', 'ndjson', '--detail', 'lines'], { url: gateway.url })
    child.stdin.end('one\ftwo')
    let stdout = ''
    for await (const chunk of child.stdout) {
      stdout += chunk
      if (stdout === lines.slice(0, 2).join('')) finish()
    }
    assert.equal(stdout, lines.join(''))
    assert.equal(gateway.received[0]?.query['detail'], 'lines')
  })

  it('prints a text to the byte where there is no terminal', async () => {
    await using gateway = await startGateway()
    const text = 'a\u001B[2J\u009B\rb'
    assert.deepEqual(await runOcr([], { url: gateway.url, stdin: text }), ended(0, `${text}\n`))
  })

  it('tells the warnings of a text, unless it is to be quiet', async () => {
    await using gateway = await startGateway()
    const options = { url: gateway.url, stdin: 'tiny letters' }
    const warning = 'ocr: standard input: page 1: The letters are small.\n'
    assert.deepEqual(await runOcr([], options), ended(0, 'tiny letters\n', warning))
    assert.deepEqual(await runOcr(['-q'], options), ended(0, 'tiny letters\n'))
  })
})

describe('ocr --write', () => {
  it('writes a file beside each input, of folders as well', async () => {
    await using gateway = await startGateway()
    files({ 'a.png': 'one', 'in/b.tif': 'two', 'in/deep/c.jpg': 'three', 'in/notes.md': 'x' })
    const options = { url: gateway.url, cwd: folder }
    assert.deepEqual(await runOcr(['-w', '-r', 'a.png', 'in'], options), ended(0, ''))
    assert.deepEqual(readdirSync(join(folder, 'in', 'deep')), ['c.jpg', 'c.txt'])
    assert.deepEqual([content('a.txt'), content('in/b.txt')], ['one\n', 'two\n'])
    assert.deepEqual(await runOcr(['-w', '-f', 'pdf', 'a.png'], options), ended(0, ''))
    assert.equal(content('a.ocr.pdf'), '%PDF-one')
  })

  it('writes into a folder what a pattern matches', async () => {
    await using gateway = await startGateway()
    files({ 'in/x/a.png': 'one', 'in/y/a.png': 'two' })
    const args = ['-o', 'out', '-f', 'alto', 'in/**/*.png']
    assert.deepEqual(await runOcr(args, { url: gateway.url, cwd: folder }), ended(0, ''))
    assert.deepEqual(
      [content('out/x/a.alto.xml'), content('out/y/a.alto.xml')],
      ['<alto>one', '<alto>two'],
    )
  })

  it('overwrites nothing without --force, and sends nothing then', async () => {
    await using gateway = await startGateway()
    files({ 'a.png': 'one', 'a.txt': 'precious' })
    const options = { url: gateway.url, cwd: folder }
    const message = 'ocr: a.png: a.txt is there already; --force overwrites it\n'
    assert.deepEqual(await runOcr(['-w', 'a.png'], options), ended(1, '', message))
    assert.equal(content('a.txt'), 'precious')
    assert.equal(gateway.received.length, 0)
    assert.deepEqual(await runOcr(['-w', '--force', 'a.png'], options), ended(0, ''))
    assert.equal(content('a.txt'), 'one\n')
  })
})

describe('ocr --skip-existing', () => {
  it('leaves out what is done already, which is told', async () => {
    await using gateway = await startGateway()
    files({ 'a.png': 'one', 'a.txt': 'done', 'b.png': 'two' })
    const note = 'ocr: a.png: skipped, since a.txt is there already\n'
    const options = { url: gateway.url, cwd: folder }
    assert.deepEqual(await runOcr(['-w', '--skip-existing', '.'], options), ended(0, '', note))
    assert.deepEqual([content('a.txt'), content('b.txt')], ['done', 'two\n'])
    assert.equal(gateway.received.length, 1)
  })
})

describe('an output folder', () => {
  it('is made before anything is sent, or named as what is wrong', async () => {
    await using gateway = await startGateway()
    files({ 'a.png': 'one', blocked: 'a file' })
    const options = { url: gateway.url, cwd: folder }
    const { code, stderr } = await runOcr(['-o', 'blocked/texts', 'a.png'], options)
    const message = 'ocr: blocked/texts: the output folder cannot be made (not a directory)\n'
    assert.deepEqual([code, stderr], [1, message])
    assert.equal(gateway.received.length, 0)
  })
})

describe('the exit code', () => {
  it('is 1 when a file cannot be read; the others are', async () => {
    await using gateway = await startGateway()
    files({ 'a.png': 'damaged', 'b.png': 'two' })
    const options = { url: gateway.url, cwd: folder }
    const result = await runOcr(['-q', 'a.png', 'gone.png', 'b.png'], options)
    const errors = [
      'ocr: gone.png: no such file or directory\n',
      'ocr: a.png: It ends too early. (undecodable_image)\n',
    ]
    assert.deepEqual(result, ended(1, 'two\n', errors.join('')))
    await runOcr(['-w', 'a.png'], options)
    assert.deepEqual(readdirSync(folder), ['a.png', 'b.png'])
  })

  it('is 1 when a page cannot be read; the other pages are', async () => {
    await using gateway = await startGateway()
    const error = 'ocr: standard input: page 2: The page is damaged. (undecodable_image)\n'
    for (const format of ['text', 'json', 'ndjson']) {
      const options = { url: gateway.url, stdin: 'one\funreadable' }
      const { code, stdout, stderr } = await runOcr(['-f', format], options)
      assert.deepEqual([code, stderr], [1, error])
      assert.match(stdout, /one/)
    }
  })

  it('is 1 for a PDF that is none, of which nothing is written', async () => {
    await using gateway = await startGateway((_request, response) => response.end('<html>'))
    files({ 'a.png': 'one' })
    const result = await runOcr(['-w', '-f', 'pdf', 'a.png'], { url: gateway.url, cwd: folder })
    assert.deepEqual(result, ended(1, '', 'ocr: a.png: The answer is no PDF; is the URL right?\n'))
    assert.deepEqual(readdirSync(folder), ['a.png'])
  })

  it('is 2 for a command that is not valid, and nothing is sent', async () => {
    await using gateway = await startGateway()
    files({ 'a.png': 'one', 'a.tif': 'two' })
    const wrong = [
      ...[['--psm', '99'], ['--bogus'], ['-f', 'pdf', '.'], ['-w'], ['-w', '-o', 'out', '.']],
      ...[
        ['-o', 'a.txt', 'a.png'],
        ['-o', 'a.png', 'a.tif'],
      ],
    ]
    for (const args of wrong) {
      const { code, stdout, stderr } = await runOcr(args, { url: gateway.url, cwd: folder })
      assert.deepEqual([code, stdout], [2, ''], args.join(' '))
      assert.match(stderr, /^ocr: [^\n]+ Try "ocr --help"\.\n$/)
    }
    const { code } = await runOcr(['a.png'], { environment: { OCR_KEY: 'a\nb' }, cwd: folder })
    assert.equal(code, 2)
    assert.equal(gateway.received.length, 0)
  })

  it('is 3 when the gateway cannot be reached, which is told once', async () => {
    const gateway = await startGateway()
    await gateway[Symbol.asyncDispose]()
    files({ 'a.png': 'one', 'b.png': 'two', 'c.png': 'three' })
    const { code, stderr } = await runOcr(['-q', '.'], { url: gateway.url, cwd: folder })
    const message = `ocr: ${gateway.url} cannot be reached (ECONNREFUSED). Is the gateway running? --url or OCR_URL names another.\n`
    assert.deepEqual([code, stderr], [3, message])
  })

  it('is 1 at once when the key is not valid', async () => {
    const problem: Problem = {
      ...busy,
      title: 'A valid key is needed',
      status: 401,
      detail: 'Send one.',
      code: 'unauthorized',
    }
    await using gateway = await startGateway((_request, response) => refuse(response, problem))
    files({ 'a.png': 'one', 'b.png': 'two' })
    const run = (environment = {}) =>
      runOcr(['-j', '1', '.'], { url: gateway.url, cwd: folder, environment })
    const message = (problem: string) => `ocr: ${gateway.url} ${problem} (unauthorized)\n`
    const asked = message('asks for a key; put it into OCR_KEY')
    assert.deepEqual(await run(), ended(1, '', asked))
    const refused = message('does not accept the key in OCR_KEY; is it complete and still in use?')
    assert.deepEqual(await run({ OCR_KEY: 'old' }), ended(1, '', refused))
    assert.equal(gateway.received.length, 2)
  })
})

describe('a gateway that is busy', () => {
  it('is asked again, which is told', async () => {
    await using gateway = await startGateway((request, response, count) => {
      if (count === 1) refuse(response, busy, { 'retry-after': '1' })
      else answerWell(request, response, count)
    })
    const { code, stdout, stderr } = await runOcr([], { url: gateway.url, stdin: 'one' })
    assert.deepEqual([code, stdout], [0, 'one\n'])
    assert.match(stderr, /^ocr: standard input: Try again later; trying again in 1\.\d s\n$/)
  })
})

describe('Ctrl-C', () => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    it(`ends with ${code} for ${signal}, with the request cancelled and no file half-written`, async () => {
      const asked = Promise.withResolvers<void>()
      const cancelled = Promise.withResolvers<void>()
      await using gateway = await startGateway((_request, response) => {
        response.write(linesOf(documentOf('one'))[0])
        response.on('close', cancelled.resolve)
        asked.resolve()
      })
      files({ 'a.png': 'one' })
      const args = ['-w', '-f', 'ndjson', 'a.png']
      const child = spawnOcr(args, { url: gateway.url, cwd: folder })
      await asked.promise
      child.kill(signal)
      assert.deepEqual(await resultOf(child), ended(code, ''))
      await cancelled.promise
      assert.deepEqual(readdirSync(folder), ['a.png'])
    })
  }

  it('ends with 130 while the standard input is open', async () => {
    const child = spawnOcr(['-'], {})
    child.stdin.write('one')
    // Its handler is there when it reads.
    await new Promise((resolve) => child.stdin.once('drain', resolve).write('x'.repeat(2 ** 20)))
    child.kill('SIGINT')
    child.stdin.on('error', () => {})
    assert.deepEqual(await resultOf(child), ended(130, ''))
  })
})

describe('a reader of the output that has enough', () => {
  it('ends it quietly, and no other file is read', async () => {
    await using gateway = await startGateway()
    const names = Array.from({ length: 9 }, (_, index) => `${index}.png`)
    files(Object.fromEntries(names.map((name) => [name, 'x'.repeat(200_000)])))
    const child = spawnOcr(['-j', '1', '.'], { url: gateway.url, cwd: folder })
    child.stdout.once('data', () => child.stdout.destroy())
    const [code, stderr] = await Promise.all([
      new Promise((resolve) => child.once('exit', resolve)),
      child.stderr.toArray(),
    ])
    assert.deepEqual([code, stderr], [0, []])
    assert.ok(gateway.received.length < 9, String(gateway.received.length))
  })
})

describe('what is no file', () => {
  it('lists the languages', async () => {
    await using gateway = await startGateway()
    const result = await runOcr(['--languages'], { url: gateway.url })
    assert.deepEqual(result, ended(0, 'deu  German\neng  English (default)\nxyz\n'))
  })

  it('lists languages without what would steer a terminal', async () => {
    await using gateway = await startGateway((_request, response) => {
      const languages = [{ code: 'e\u001B[2Jng', name: 'Eng\u009Blish\nx' }]
      response.end(JSON.stringify({ default: 'deu', languages }))
    })
    const result = await runOcr(['--languages'], { url: gateway.url })
    assert.deepEqual(result, ended(0, 'e [2Jng  Eng lish x\n'))
  })

  it('cannot list them without a gateway', async () => {
    const gateway = await startGateway()
    await gateway[Symbol.asyncDispose]()
    assert.equal((await runOcr(['--languages'], { url: gateway.url })).code, 3)
  })

  it('shows the help and the version', async () => {
    const { code, stdout } = await runOcr(['--help'])
    assert.equal(code, 0)
    assert.match(stdout, /^Usage: ocr /)
    assert.deepEqual(await runOcr(['--version']), ended(0, `${packageJson.version}\n`))
  })
})
