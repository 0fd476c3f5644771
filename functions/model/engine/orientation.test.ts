import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import sharp from 'sharp'
import { densePage } from '../../../tests/documents/corpus.ts'
import { usualLimits } from '../fixtures/engine-limits.ts'
import { installedTessdata } from '../fixtures/installation.ts'
import { kernelLimits } from './limits.ts'
import { createDetectOrientation, type DetectOrientation, parseOsd } from './orientation.ts'

const { signal: never } = new AbortController()
const limits = kernelLimits(usualLimits)

describe('detectOrientation', () => {
  const detect: DetectOrientation = async (...args) =>
    await createDetectOrientation({
      file: 'tesseract',
      tessdata: await installedTessdata(),
      limits,
    })(...args)
  let folder: string
  let page: Buffer
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'orientation-'))
    page = await densePage()
  })
  after(() => rmSync(folder, { recursive: true }))

  for (const degrees of [0, 90, 180, 270]) {
    it(`tells how to stand a page upright that was turned by ${degrees}`, async () => {
      const path = join(folder, `${degrees}.png`)
      await sharp(page).rotate(degrees).png().toFile(path)
      const orientation = await detect(path, never)
      assert.equal(orientation?.rotated, (360 - degrees) % 360)
      assert.ok((orientation?.confidence ?? 0) > 1)
    })
  }

  it('tells nothing where there is no text', async () => {
    const path = join(folder, 'blank.png')
    await sharp({ create: { width: 300, height: 200, channels: 3, background: 'white' } }).toFile(
      path,
    )
    assert.equal(await detect(path, never), undefined)
  })

  it('fails when it cannot be run, and when it is aborted', async () => {
    const missing = createDetectOrientation({ file: '/nonexistent', tessdata: '/', limits })
    await assert.rejects(missing(join(folder, '0.png'), never), /not installed/)
    const aborted = AbortSignal.abort(new Error('gone'))
    await assert.rejects(detect(join(folder, '0.png'), aborted), { message: 'gone' })
  })
})

describe('parseOsd', () => {
  it('reads what tesseract prints', () => {
    const lines = ['Page number: 0', 'Orientation in degrees: 270', 'Rotate: 90']
    const confidence = [
      'Orientation confidence: 12.47',
      'Script: Cyrillic',
      'Script confidence: 1.81',
    ]
    assert.deepEqual(parseOsd([...lines, ...confidence].join('\n')), {
      rotated: 90,
      confidence: 12.47,
      script: 'Cyrillic',
      scriptConfidence: 1.81,
    })
  })
})
