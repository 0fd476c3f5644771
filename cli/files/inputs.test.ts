import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { findInputs } from './inputs.ts'

describe('findInputs', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ocr-inputs-'))
    mkdirSync(join(folder, 'scans', 'deep'), { recursive: true })
    mkdirSync(join(folder, 'empty'))
    for (const name of [
      ...['page10.png', 'page2.PNG', 'letter.jpg', 'fax.tif', 'book.pdf', 'book.ocr.pdf'],
      ...['notes.txt', '.hidden.png', 'deep/more.webp', 'deep/notes.md'],
    ]) {
      writeFileSync(join(folder, 'scans', name), 'x')
    }
    symlinkSync(join(folder, 'scans', 'fax.tif'), join(folder, 'scans', 'link.tif'))
    symlinkSync(join(folder, 'nowhere'), join(folder, 'scans', 'broken.tif'))
    symlinkSync(join(folder, 'scans'), join(folder, 'scans', 'deep', 'loop'))
  })
  after(() => rmSync(folder, { recursive: true }))

  const find = async (args: string[], isRecursive = false) => {
    const { inputs, missing } = await findInputs(
      args.map((arg) => join(folder, arg)),
      { isRecursive },
    )
    return { names: inputs.map(({ relativePath }) => relativePath), missing }
  }
  const ofFolder = ['book.pdf', 'fax.tif', 'letter.jpg', 'link.tif', 'page2.PNG', 'page10.png']

  it('takes a file that is named, whatever its name is', async () => {
    const path = join(folder, 'scans', 'notes.txt')
    const { inputs } = await findInputs([path], { isRecursive: false })
    assert.deepEqual(inputs, [{ label: path, path, relativePath: 'notes.txt' }])
  })

  it('takes the files of a folder that are of a type that is read, in order of their numbers', async () => {
    assert.deepEqual(await find(['scans']), { names: ofFolder, missing: [] })
  })

  it('takes what is below the folder when it is told to, and follows no link to a folder', async () => {
    const { names } = await find(['scans'], true)
    assert.deepEqual(names.toSorted(), [...ofFolder, 'deep/more.webp'].toSorted())
  })

  it('takes what matches a pattern', async () => {
    assert.deepEqual((await find(['scans/page*'])).names, ['page2.PNG', 'page10.png'])
    assert.deepEqual((await find(['scans/**/*.{webp,md}'])).names, ['deep/more.webp'])
  })

  it('takes "-" for the standard input', async () => {
    const { inputs } = await findInputs(['-'], { isRecursive: false })
    assert.deepEqual(
      inputs.map(({ path }) => path),
      [undefined],
    )
  })

  for (const [arg, reason] of [
    ['gone.png', /^no such file or directory$/],
    ['gone-*.png', /^no file that ends in \.png, /],
    ['empty', /^no file that ends in \.png, \.jpeg, \.jpg, /],
    ['scans/fax.tif/x.png', /^not a directory$/],
  ] as const) {
    it(`tells that there is nothing at ${arg}, and takes the others`, async () => {
      const { names, missing } = await find([arg, 'scans/fax.tif'])
      assert.deepEqual(names, ['fax.tif'])
      assert.equal(missing.length, 1)
      assert.equal(missing[0]?.label, join(folder, arg))
      assert.match(missing[0]?.reason ?? '', reason)
    })
  }
})
