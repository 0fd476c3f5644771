import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import sharp from 'sharp'
import { inkOfPage, pageWith, words } from './fixtures/pages.ts'
import { toGray } from './gray.ts'
import { turnGray } from './repair.ts'
import { skewOf, turnInk } from './skew.ts'

describe('the direction of lines', () => {
  it('is found, whichever way they run', async () => {
    const level = pageWith(words)
    for (const degrees of [-11, -4, -1.5, 0, 2.5, 5, 9]) {
      const turned = await toGray(
        sharp(level.data, { raw: { width: 600, height: 400, channels: 1 } }).rotate(degrees, {
          background: 'white',
        }),
      )
      const { angle, gain } = skewOf(await inkOfPage(turned))
      assert.ok(Math.abs(angle - degrees) <= 0.3, `${angle} for ${degrees}`)
      assert.ok(degrees === 0 || gain > 1.25)
    }
  })

  it('tells a page that lies on its side', async () => {
    const level = await inkOfPage(pageWith(words))
    const lying = await inkOfPage(await turnGray(pageWith(words), 90))
    assert.ok(skewOf(level).clarity > 1.5 * skewOf(turnInk(level)).clarity)
    assert.ok(skewOf(turnInk(lying)).clarity > 1.5 * skewOf(lying).clarity)
  })

  it('is level where there is no ink', () => {
    const blank = { width: 40, height: 30, mask: new Uint8Array(40 * 30) }
    assert.deepEqual(skewOf(blank), { angle: 0, clarity: 0, gain: 0 })
  })
})
