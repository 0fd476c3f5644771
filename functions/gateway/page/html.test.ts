import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileTypeNames, fileTypes } from '../../contract/file-types.ts'
import { stepFor } from './errors.ts'

const html = readFileSync(join(import.meta.dirname, 'page.html'), 'utf8')

describe('the page', () => {
  it('takes and names the types of files that are read, and no others', () => {
    const [, accept = ''] = /id="choose" type="file" accept="([^"]*)"/.exec(html) ?? []
    const mediaTypes = fileTypeNames.map((name) => fileTypes[name].mediaType)
    assert.deepEqual(accept.split(',').sort(), [...mediaTypes].sort())
    const hint = /<p class="intake-hint">.*<\/span>([^<]*)<\/p>/.exec(html)?.[1]
    for (const text of [hint, stepFor({ title: '', detail: '', code: 'unsupported_media' }).next]) {
      const named = text?.match(/[A-Z]{3,}/g)?.map((name) => name.toLowerCase())
      assert.deepEqual(named?.sort(), [...fileTypeNames].sort())
    }
  })
})
