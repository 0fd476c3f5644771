import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import packageJson from '../package.json' with { type: 'json' }
import { writtenFiles } from '../scripts/docs/written-files.ts'
import { anchorsOf, linksOf, pages, readPage, snippetsOf, withoutFences } from './pages.ts'

const readme = readPage('README.md')
const architecture = readPage('ARCHITECTURE.md')
const tracked = execFileSync('git', ['ls-files'], { encoding: 'utf8' }).trim().split('\n')

/** Scripts that npm itself runs. */
const ofNpm = ['prepack']

describe('the documents', () => {
  for (const [path, text] of writtenFiles()) {
    it(`have in ${path} what the code has (npm run docs writes it)`, () => {
      assert.equal(readFileSync(path, 'utf8'), text)
    })
  }

  it('name only npm scripts that there are', () => {
    for (const page of pages) {
      const scripts = readPage(page).matchAll(/npm (?:run (?:-s )?([\w:]+)|(start|test))\b/g)
      for (const [command, run, short] of scripts) {
        assert.ok((run ?? short ?? '') in packageJson.scripts, `${page}: ${command}`)
      }
    }
  })

  it('name every npm script in the README', () => {
    const missing = Object.keys(packageJson.scripts).filter(
      (name) => !new RegExp(`npm (?:run (?:-s )?)?${name}(?![\\w:])`).test(readme),
    )
    assert.deepEqual(missing, ofNpm)
  })

  it('name only files that there are', () => {
    const paths = [
      ...architecture.matchAll(/`((?:[\w.-]+\/)+[\w.-]*|[\w-]+\.(?:ts|md|json|mjs))`/g),
    ]
    assert.ok(paths.length > 10)
    for (const [, path = ''] of paths) {
      assert.ok(existsSync(path) || existsSync(`functions/${path}`), path)
    }
  })

  it('keep the architecture within 150 lines, and the README within 230', () => {
    assert.ok(architecture.split('\n').length <= 150)
    assert.ok(readme.split('\n').length <= 230)
  })

  it('leave no file without a telling name', () => {
    const vague = tracked.filter((path) => /util|helper|common|misc/i.test(path))
    assert.deepEqual(vague, [])
  })
})

describe('the pages', () => {
  for (const page of pages) {
    it(`lead somewhere by every link: ${page}`, () => {
      for (const { file, anchor } of linksOf(page)) {
        assert.ok(existsSync(file), `${file} is not there`)
        if (anchor !== undefined) {
          assert.ok(anchorsOf(file).has(anchor), `${file} has no heading #${anchor}`)
        }
      }
    })

    // The architecture has its own bound, and no line to spare.
    if (page === 'ARCHITECTURE.md') continue
    it(`have lines of up to 120 characters, but in tables, code and addresses: ${page}`, () => {
      const long = withoutFences(readPage(page))
        .split('\n')
        .filter((line) => line.length > 120 && !/^\||https?:/.test(line))
      assert.deepEqual(long, [])
    })
  }

  it('can all be reached from the README', () => {
    const reached = new Set(['README.md'])
    for (const page of reached) {
      for (const { file } of linksOf(page)) if (file.endsWith('.md')) reached.add(file)
    }
    assert.deepEqual(
      pages.filter((page) => !reached.has(page)),
      [],
    )
  })

  it('have every call of the services run by a test', () => {
    const calls = pages
      .flatMap(snippetsOf)
      .filter(({ language, code }) => language !== '' && /127\.0\.0\.1:80(?:01|80)/.test(code))
      .filter(({ language }) => language !== 'ts')
    assert.ok(calls.length > 10)
    const unproven = calls.filter(({ expected }) => expected === undefined)
    assert.deepEqual(
      unproven.map(({ page, line }) => `${page}:${line}`),
      [],
    )
  })
})
