import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'

const folder = 'functions/model/grpc/generated'

describe('the generated messages', () => {
  it('are those of the .proto files (npm run proto writes them)', (t) => {
    const output = mkdtempSync(join(tmpdir(), 'proto-'))
    t.after(() => rmSync(output, { recursive: true }))
    const template = readFileSync('functions/model/grpc/buf.gen.yaml', 'utf8')
    execFileSync('buf', ['generate', '--template', template.replace(folder, output)])
    const names = readdirSync(output)
    assert.deepEqual(readdirSync(folder), names)
    const isSame = (name: string) =>
      readFileSync(join(output, name)).equals(readFileSync(join(folder, name)))
    assert.deepEqual(names.filter(isSame), names)
  })
})
