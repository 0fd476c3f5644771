import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import sharp from 'sharp'
import { type OcrDocument, wordsOf } from '../../functions/contract/ocr.ts'
import { sentences } from '../documents/corpus.ts'
import { renderText } from '../documents/render.ts'
import { inferJson } from '../services/requests.ts'
import { type Model, startModel } from '../services/start.ts'
import { wordErrorRate } from './words.ts'

/** A text in each language, with the letters that English lacks. */
const texts = {
  deu: 'Die süßen Äpfel aus dem Garten der Großmutter\nwurden im Herbst für drei Körbe Nüsse getauscht.',
  fra: "L'été dernier, les élèves ont visité le château\noù naquit un célèbre garçon très âgé aujourd'hui.",
  rus: 'Старый мост через реку был построен до войны,\nи дети каждый день ходили по нему в школу.',
}

describe('options, with tesseract', () => {
  let folder: string
  let model: Model
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ocr-options-'))
    model = await startModel()
  })
  after(async () => {
    await model.stop()
    rmSync(folder, { recursive: true })
  })

  const read = async (image: Buffer, parameters: object = {}): Promise<OcrDocument> => {
    const outputs = [{ name: 'document' }]
    return JSON.parse(String((await inferJson(model, image, { parameters, outputs }))['document']))
  }
  const png = async (text: string, style: Parameters<typeof renderText>[1] = {}) =>
    await (await renderText(text, style)).png().toBuffer()

  for (const [lang, text] of Object.entries(texts)) {
    it(`reads ${lang}`, async () => {
      const document = await read(await png(text), { lang })
      assert.ok(wordErrorRate(text, document.text) <= 0.07, document.text)
      assert.match(document.engine.data[lang] ?? '', /^4\.00/)
    })
  }

  it('reads two languages on a page', async () => {
    const text = `The letter from my aunt said:\n${texts.deu}`
    const document = await read(await png(text), { lang: 'eng+deu' })
    assert.ok(wordErrorRate(text, document.text) <= 0.07, document.text)
  })

  it('names the installed languages when one is not', async () => {
    await assert.rejects(read(await png('Hello'), { lang: 'tlh' }), (error) => {
      assert.match(String(error), /400: .*tlh is not installed\. Installed: .*deu, .*eng, .*fra/)
      return true
    })
  })

  it('reads only characters that are allowed, and none that are denied', async () => {
    const image = await png('Order 1845 of 7 March 2026')
    const digits = await read(image, { allowlist: '0123456789' })
    assert.match(digits.text.replaceAll(/\s/g, ''), /^\d+$/)
    assert.match(digits.text, /1845/)
    const denied = await read(image, { denylist: '0123456789' })
    assert.doesNotMatch(denied.text, /\d/)
    assert.match(denied.text, /March/)
  })

  it('reads by the engine mode that the data has', async () => {
    const image = await png('Hello world')
    assert.equal((await read(image, { oem: 1 })).text, 'Hello world')
    await assert.rejects(read(image, { oem: 0 }), /400: .*no legacy engine/)
  })

  it('keeps gaps between words as plain tesseract does when asked', async () => {
    const rows = ['Item     Qty     Price', 'Apple      3      1.20', 'Lemon     12     14.00']
    const image = await png(rows.join('\n'), { font: 'mono' })
    const options = { psm: 6, preserve_interword_spaces: true }
    assert.equal((await read(image, options)).text, rows.join('\n'))
    assert.equal((await read(image, { psm: 6 })).text, rows.join('\n').replaceAll(/ +/g, ' '))
  })

  it('reads a crooked page by the profile best, with boxes on its words', async () => {
    const lines = Array.from({ length: 4 }, () => sentences).flat()
    const upright = sharp(await png(lines.join('.\n')))
    const degrees = 4
    const crooked = await upright.clone().rotate(degrees, { background: 'white' }).png().toBuffer()
    const best = await read(crooked, { profile: 'best' })
    assert.ok(wordErrorRate(lines.join('. '), best.text) <= 0.03, best.text)
    const [page] = best.pages
    const deskew = page?.preprocessing.find(({ name }) => name === 'deskew')
    assert.ok(Math.abs((deskew?.value ?? 0) - degrees) <= 0.3)
    assert.deepEqual([best.engine.profile, page?.preprocessing[0]?.name], ['best', 'even_light'])

    const { width = 0, height = 0 } = await upright.metadata()
    const radians = (degrees * Math.PI) / 180
    const expected = (await read(await upright.png().toBuffer())).pages[0]
    const [all, placed] = [wordsOf(expected?.blocks ?? []), wordsOf(page?.blocks ?? [])]
    assert.equal(placed.length, all.length)
    for (const [index, { box }] of all.entries()) {
      const x = box.x + box.width / 2 - width / 2
      const y = box.y + box.height / 2 - height / 2
      const centerX = (page?.width ?? 0) / 2 + x * Math.cos(radians) - y * Math.sin(radians)
      const centerY = (page?.height ?? 0) / 2 + x * Math.sin(radians) + y * Math.cos(radians)
      const found = placed[index]?.box ?? { x: 0, y: 0, width: 0, height: 0 }
      const distance = Math.hypot(
        found.x + found.width / 2 - centerX,
        found.y + found.height / 2 - centerY,
      )
      assert.ok(distance < 6, `${placed[index]?.text} is ${distance} pixels away`)
    }
  })

  it('levels lines by the profile best that run far askew', async () => {
    const lines = Array.from({ length: 4 }, () => sentences).flat()
    const upright = sharp(await png(lines.join('.\n')))
    const image = await upright.rotate(10, { background: 'white' }).png().toBuffer()
    const { text, pages } = await read(image, { profile: 'best' })
    const deskew = pages[0]?.preprocessing.find(({ name }) => name === 'deskew')
    assert.ok(Math.abs((deskew?.value ?? 0) - 10) <= 0.4, `${deskew?.value}`)
    assert.ok(wordErrorRate(lines.join('. '), text) <= 0.03, text)
  })

  it('reads a page upside down by the profile best, and says that it turned it', async () => {
    const upright = await png(
      Array.from({ length: 3 }, () => sentences)
        .flat()
        .join('.\n'),
    )
    const turned = await sharp(upright).rotate(180).png().toBuffer()
    const { text, pages } = await read(turned, { profile: 'best' })
    assert.match(text, /^The first page tells of the river/)
    assert.deepEqual(pages[0]?.preprocessing[0], { name: 'turn', value: 180 })
  })

  it('reads a cropped line by the profile best, and takes the smallest picture there is', async () => {
    const line = await sharp(await png('Invoice total 1234.56', { margin: 8 }))
      .png()
      .toBuffer()
    assert.ok(((await sharp(line).metadata()).height ?? 99) < 64)
    assert.equal((await read(line, { profile: 'best' })).text, 'Invoice total 1234.56')
    const dot = await sharp(Buffer.alloc(1), { raw: { width: 1, height: 1, channels: 1 } })
      .png()
      .toBuffer()
    assert.equal((await read(dot, { profile: 'best' })).text, '')
  })

  it('shows in a PDF the page as it was turned, by whichever means', async () => {
    const upright = await png(
      Array.from({ length: 3 }, () => sentences)
        .flat()
        .join('.\n'),
    )
    const { width, height } = await sharp(upright).metadata()
    const outputs = ['document', 'pdf'].map((name) => ({ name }))
    for (const [degrees, parameters] of [
      [90, { rotate: 'auto' }],
      [270, { rotate: 'auto', profile: 'best' }],
      [180, { profile: 'best' }],
    ] as const) {
      const image = await sharp(upright).rotate(degrees).png().toBuffer()
      const { document, pdf } = await inferJson(model, image, { parameters, outputs })
      const [page] = JSON.parse(String(document)).pages
      assert.deepEqual([page.width, page.height], [width, height])
      const path = join(folder, 'turned.pdf')
      writeFileSync(path, Buffer.from(String(pdf), 'base64'))
      const found = spawnSync('pdftotext', [path, '-'], { encoding: 'utf8' }).stdout
      assert.match(found, /^The first page tells of the river/)
      spawnSync('pdftoppm', ['-r', '200', '-png', '-singlefile', path, join(folder, 'turned')])
      const drawn = await read(readFileSync(join(folder, 'turned.png')))
      assert.match(drawn.text, /^The first page tells of the river/)
    }
  })

  it('takes the density from the caller', async () => {
    const document = await read(await png('Hello world', { dpi: 150 }), { dpi: 300 })
    assert.equal(document.pages[0]?.dpi, 300)
  })

  for (const degrees of [0, 90, 180, 270]) {
    it(`turns a page upright that was turned by ${degrees} degrees`, async () => {
      const lines = Array.from({ length: 12 }, () => sentences.slice(0, 2).join(' and '))
      const upright = await png(lines.join('\n'))
      const turned = await sharp(upright).rotate(degrees).png().toBuffer()
      const { pages } = await read(turned, { rotate: 'auto' })
      const expected = await read(upright)
      assert.equal(pages[0]?.orientation?.rotated, (360 - degrees) % 360)
      assert.equal(pages[0]?.text, expected.text)
      assert.deepEqual(pages[0]?.blocks, expected.pages[0]?.blocks)
      const size = [pages[0]?.width, pages[0]?.height]
      assert.deepEqual(size, [expected.pages[0]?.width, expected.pages[0]?.height])
    })
  }

  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
    it(`reads a photograph upright by its EXIF orientation ${orientation}`, async () => {
      const document = await read(await lying(await png(sentences.join('.\n')), orientation))
      assert.ok(wordErrorRate(sentences.join('. '), document.text) <= 0.07, document.text)
    })
  }

  it('reads a photograph with an EXIF orientation that is none as it lies', async () => {
    const image = await sharp(await png(sentences.join('.\n')))
      .jpeg()
      .withMetadata({ orientation: 1 })
      .toBuffer()
    const at = image.indexOf(Buffer.from('0112000300000001', 'hex')) + 8
    const isLittleEndian = at < 8
    const tag = isLittleEndian ? image.indexOf(Buffer.from('1201030001000000', 'hex')) + 8 : at
    assert.ok(tag >= 8)
    image[isLittleEndian ? tag : tag + 1] = 9
    const document = await read(image)
    assert.ok(wordErrorRate(sentences.join('. '), document.text) <= 0.07, document.text)
  })

  for (const format of ['png', 'jpeg', 'webp', 'gif', 'tiff'] as const) {
    it(`reads ${format}`, async () => {
      const image = await sharp(await png('Hello world'))
        .toFormat(format)
        .toBuffer()
      assert.equal((await read(image)).text, 'Hello world')
    })
  }

  it('refuses BMP with the formats that are read', async () => {
    const bmp = Buffer.concat([Buffer.from('BM'), Buffer.alloc(100)])
    const response = await fetch(model.inferUrl, {
      method: 'POST',
      headers: { 'Inference-Header-Content-Length': '0' },
      body: bmp,
    })
    assert.equal(response.status, 415)
    assert.match(await response.text(), /Send one of: .*pdf/)
  })

  it('says how sure it is', async () => {
    const { quality, pages, confidence } = await read(await png(sentences.join('.\n')))
    assert.equal(quality.words, wordsOf(pages[0]?.blocks ?? []).length)
    assert.ok(quality.lowestDecile > 0.5 && quality.lowestDecile <= confidence)
  })

  it('warns of small print', async () => {
    const { warnings } = await read(await png(sentences.join('.\n'), { size: 8, dpi: 90 }))
    assert.deepEqual(
      warnings.map(({ code }) => code),
      ['small_text'],
    )
  })
})

/** The picture as a camera stores it that was held so that the viewer must apply this orientation. */
async function lying(upright: Buffer, orientation: number): Promise<Buffer> {
  const turns = [0, 0, 0, 180, 180, 270, 270, 90, 90]
  const isMirrored = [2, 4, 5, 7].includes(orientation)
  const image = sharp(upright)
  const stored = sharp(await (isMirrored ? image.flop() : image).toBuffer()).rotate(
    turns[orientation],
  )
  return await stored.jpeg({ quality: 95 }).withMetadata({ orientation }).toBuffer()
}
