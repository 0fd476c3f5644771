import { join } from 'node:path'
import type { EngineOptions } from '../../functions/model/engine/engine.ts'
import { writeTiff } from '../../functions/model/image/normalize.ts'
import { pick, shuffled } from '../documents/random.ts'
import { addNoise, type Font, renderText } from '../documents/render.ts'

/** A picture and how it is to be read. */
export interface Page {
  readonly path: string
  readonly options: EngineOptions
  /** Milliseconds of reading after which whoever asked is gone. */
  readonly goneAfterMs?: number
}

interface Script {
  readonly lang: string
  /** Another `lang` that reads it. */
  readonly mixed: string
  readonly font: Font
  readonly lines: readonly string[]
}

const scripts: readonly Script[] = [
  {
    lang: 'eng',
    mixed: 'deu+eng',
    font: 'serif',
    lines: ['The river rises in the hills', 'Invoice 4711 is due 03/14/2026', 'Two mills grind'],
  },
  {
    lang: 'deu',
    mixed: 'deu+eng',
    font: 'sans',
    lines: ['Der Fluß entspringt in Hügeln', 'Fällig sind 1.204,50 Euro', 'Grüße aus Köln'],
  },
  {
    lang: 'jpn',
    mixed: 'jpn+eng',
    font: 'japanese',
    lines: ['川は町の北の丘から流れる', '合計１２，０４５円（税込）', '博物館は日曜日に開く'],
  },
]

const kindsOfScript = 3
const crowd = 8
const leaving = 5

/**
 * Pages of several languages and options in an order by chance. The first `crowd` are the same one; `leaving` of all
 * are given up while they are read.
 * @param folder where their pictures are written
 */
export async function mixedPages(
  count: number,
  folder: string,
  tessdata: string,
  random: () => number,
): Promise<Page[]> {
  const kinds: Array<{ options: EngineOptions; pictures: readonly string[] }> = []
  for (const script of scripts) {
    const pictures = await writePictures(script, folder, random)
    for (let kind = 0; kind < kindsOfScript; kind++) {
      kinds.push({ options: randomOptions(script, tessdata, random), pictures })
    }
  }
  const randomPage = (): Page => {
    const { options, pictures } = pick(random, kinds)
    return { options, path: pick(random, pictures) }
  }
  const first = randomPage()
  const leave = new Set(shuffled(random, [...Array(count).keys()]).slice(0, leaving))
  return Array.from({ length: count }, (_, index) => {
    const page = index < crowd ? first : randomPage()
    return { ...page, ...(leave.has(index) && { goneAfterMs: 40 }) }
  })
}

/** One line or more, small or large, one of them with noise. */
function writePictures(
  { lang, font, lines }: Script,
  folder: string,
  random: () => number,
): Promise<string[]> {
  const written = lines.map(async (line, index) => {
    const style = { font, size: pick(random, [9, 12]), dpi: pick(random, [150, 200]), margin: 20 }
    const clean = await renderText([line, ...lines.slice(0, index)].join('\n'), style)
    const path = join(folder, `${lang}-${index}.tif`)
    await writeTiff(index === 1 ? await addNoise(clean, 20) : clean, path, style.dpi)
    return path
  })
  return Promise.all(written)
}

const randomOptions = (
  { lang, mixed }: Script,
  tessdata: string,
  random: () => number,
): EngineOptions => ({
  lang: random() < 0.3 ? mixed : lang,
  tessdata,
  psm: pick(random, [3, 4, 6, 11]),
  oem: pick(random, [1, 3]),
  allowlist: random() < 0.2 ? '0123456789' : undefined,
})
