import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { pdfOf } from '../documents/containers.ts'
import { blankPage, densePage, receipt, sentences } from '../documents/corpus.ts'
import { addNoise, renderText } from '../documents/render.ts'

export type File = Uint8Array<ArrayBuffer>

/** What the services are sent. */
export interface Documents {
  readonly invoice: File
  readonly receipt: File
  /** The receipt in each format of images but PNG. */
  readonly otherTypes: readonly File[]
  readonly blank: File
  /** One of which `best` tries to make more. */
  readonly faint: File
  /** It takes an engine the better part of a second. */
  readonly dense: File
  /** A PDF of three pages of which one cannot be read. */
  readonly partlyDamaged: File
  readonly damaged: File
  readonly noImage: File
}

export async function createDocuments(): Promise<Documents> {
  const small = await receipt(1)
  const pages = await Promise.all(sentences.slice(0, 3).map((sentence) => renderText(sentence)))
  const faint = await addNoise(await renderText(sentences.join('\n'), { size: 8, dpi: 100 }), 40)
  return {
    invoice: new Uint8Array(readFileSync('examples/invoice.png')),
    receipt: new Uint8Array(small),
    otherTypes: await Promise.all(
      (['jpeg', 'webp', 'tiff', 'gif'] as const).map(
        async (type) => new Uint8Array(await sharp(small)[type]().toBuffer()),
      ),
    ),
    blank: new Uint8Array(await blankPage()),
    faint: new Uint8Array(await faint.rotate(2, { background: 'white' }).png().toBuffer()),
    dense: new Uint8Array(await densePage(24)),
    partlyDamaged: new Uint8Array(await pdfOf(pages, { damaged: 1 })),
    damaged: new Uint8Array((await sharp(small).png().toBuffer()).subarray(0, 200)),
    noImage: new Uint8Array(Buffer.from('no image at all')),
  }
}
