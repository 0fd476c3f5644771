import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import packageJson from '../package.json' with { type: 'json' }
import { eventSchemaFiles } from '../scripts/event-schemas.ts'
import { documents, withTables } from '../scripts/readme-tables.ts'

const readme = readFileSync('README.md', 'utf8')
const architecture = readFileSync('ARCHITECTURE.md', 'utf8')
const tracked = execFileSync('git', ['ls-files'], { encoding: 'utf8' }).trim().split('\n')

describe('the documents', () => {
  for (const { path, tables } of documents) {
    it(`have the tables of the code in ${path} (npm run docs writes them)`, () => {
      const text = readFileSync(path, 'utf8')
      assert.equal(text, withTables(text, tables))
    })
  }

  it('have the schemas of events that the code has', () => {
    for (const [path, text] of eventSchemaFiles) assert.equal(readFileSync(path, 'utf8'), text)
  })

  it('name only npm scripts that there are', () => {
    const scripts = `${readme}${architecture}`.matchAll(/npm (?:run ([\w:]+)|(start|test))\b/g)
    for (const [command, run, short] of scripts) {
      assert.ok((run ?? short ?? '') in packageJson.scripts, command)
    }
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

  it('keep the architecture within 150 lines', () => {
    assert.ok(architecture.split('\n').length <= 150)
  })

  it('leave no file without a telling name', () => {
    const vague = tracked.filter((path) => /util|helper|common|misc/i.test(path))
    assert.deepEqual(vague, [])
  })
})
