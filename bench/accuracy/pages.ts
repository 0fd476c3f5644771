import { pick } from '../../tests/documents/random.ts'
import { type Pixels, stamp, white } from './pixels.ts'
import { type Face, type Style, typeset } from './typesetting.ts'
import { figure, goods, type Language, paragraph, sentence, shops } from './vocabulary.ts'

type Random = () => number

/** A page as it left the printer, and what was printed, in reading order. */
export interface Page {
  readonly pixels: Pixels
  readonly text: string
}

export interface Print {
  readonly face: Face
  /** Pixels per em. */
  readonly size: number
  readonly width: number
  readonly lang?: Language
}

/** Sets one thing below the other; the text is collected in the order in which it is set. */
function createSheet(width: number, margin: number) {
  const parts: Array<{ ink: Pixels; left: number; top: number }> = []
  const texts: string[] = []
  let bottom = margin
  return {
    get bottom() {
      return bottom
    },
    /** Starts at `left`, or so that it ends at `right`, or in the middle. */
    async add(text: string, style: Style, at: { left?: number; right?: number } = {}) {
      const ink = await typeset(text, style)
      const left =
        at.left ?? (at.right !== undefined ? at.right - ink.width : (width - ink.width) >> 1)
      parts.push({ ink, left, top: bottom })
      bottom += ink.height
      texts.push(text)
    },
    /** Columns side by side, read line by line. Each is a list of cells and starts or ends at a place. */
    async addRows(rows: readonly string[][], style: Style, places: readonly Place[]) {
      const blocks = await Promise.all(
        places.map(({ align }, column) =>
          typeset(rows.map((row) => row[column] || ' ').join('\n'), { ...style, align }),
        ),
      )
      for (const [column, ink] of blocks.entries()) {
        const { align, x } = places[column] ?? { align: 'left', x: 0 }
        parts.push({ ink, left: align === 'right' ? x - ink.width : x, top: bottom })
      }
      bottom += Math.max(...blocks.map(({ height }) => height))
      texts.push(...rows.map((row) => row.join(' ')))
    },
    skip(pixels: number) {
      bottom += Math.round(pixels)
    },
    up(to: number) {
      bottom = to
    },
    rule(left: number, top: number, ruleWidth: number, ruleHeight: number) {
      const ink = white(Math.round(ruleWidth), Math.round(ruleHeight))
      ink.data.fill(0)
      parts.push({ ink, left: Math.round(left), top: Math.round(top) })
    },
    page(height = bottom + margin): Page {
      const pixels = white(width, height)
      for (const { ink, left, top } of parts) stamp(pixels, ink, left, top)
      return { pixels, text: texts.join('\n') }
    },
  }
}

interface Place {
  readonly align: 'left' | 'right'
  readonly x: number
}

/** Heading, date, reference and some paragraphs. */
export async function letterPage(random: Random, print: Print): Promise<Page> {
  const { face, size, width, lang = 'eng' } = print
  const margin = Math.round(width / 14)
  const body = { face, size, width: width - 2 * margin, leading: Math.round(size * 0.2) }
  const sheet = createSheet(width, margin)
  const heading = sentence(random, lang).split(' ').slice(0, 4).join(' ')
  await sheet.add(heading, { face: 'bold', size: Math.round(size * 1.4) }, { left: margin })
  sheet.skip(size)
  await sheet.add(figure(random, 'date', lang), { face, size }, { right: width - margin })
  sheet.skip(size)
  for (let count = 0; count < 4; count++) {
    await sheet.add(paragraph(random, 3 + (count % 2), lang), body, { left: margin })
    sheet.skip(size * 0.8)
  }
  await sheet.add(figure(random, 'code'), { face, size }, { left: margin })
  return sheet.page()
}

/** A title, and text in two columns that are read one after the other. */
export async function columnsPage(random: Random, print: Print): Promise<Page> {
  const { face, size, width } = print
  const [margin, gutter] = [Math.round(width / 20), Math.round(size * 1.6)]
  const columnWidth = (width - 2 * margin - gutter) >> 1
  const style = { face, size, width: columnWidth, leading: Math.round(size * 0.15) }
  const sheet = createSheet(width, margin)
  await sheet.add(sentence(random), { face: 'bold', size: size + 4, width: width - 2 * margin })
  sheet.skip(size * 1.5)
  const top = sheet.bottom
  let lowest = top
  for (const left of [margin, margin + columnWidth + gutter]) {
    sheet.up(top)
    for (let count = 0; count < 2; count++) {
      await sheet.add(paragraph(random, 4), style, { left })
      sheet.skip(size * 0.8)
    }
    lowest = Math.max(lowest, sheet.bottom)
  }
  return sheet.page(lowest + margin)
}

/** A narrow till receipt: prices end at the right edge. */
export async function receiptPage(random: Random, print: Print): Promise<Page> {
  const { face, size, width } = print
  const margin = Math.round(width / 16)
  const style = { face, size, align: 'centre' } as const
  const sheet = createSheet(width, margin)
  await sheet.add(pick(random, shops), { ...style, size: Math.round(size * 1.4) })
  sheet.skip(size * 0.5)
  await sheet.add(`${figure(random, 'count')} Market Street\nTel ${figure(random, 'phone')}`, style)
  sheet.skip(size)
  const places: Place[] = [
    { align: 'left', x: margin },
    { align: 'right', x: width - margin },
  ]
  await sheet.addRows([[figure(random, 'date'), figure(random, 'time')]], style, places)
  sheet.rule(margin, sheet.bottom + size * 0.4, width - 2 * margin, 1)
  sheet.skip(size)
  const items = Array.from({ length: 6 + Math.floor(random() * 8) }, () => [
    `${random() < 0.3 ? `${figure(random, 'small')} x ` : ''}${pick(random, goods)}`,
    figure(random, 'price'),
  ])
  await sheet.addRows(items, style, places)
  sheet.skip(size * 0.6)
  await sheet.addRows(
    [
      ['SUBTOTAL', figure(random, 'price')],
      ['VAT 7%', figure(random, 'price')],
      ['TOTAL', `$${figure(random, 'price')}`],
      [`Card ****${figure(random, 'year')}`, figure(random, 'price')],
    ],
    style,
    places,
  )
  sheet.skip(size)
  await sheet.add('Thank you for your visit\nPlease keep this receipt', style)
  return sheet.page()
}

/** A title, a table with or without rules, and a remark. */
export async function tablePage(random: Random, print: Print, hasRules: boolean): Promise<Page> {
  const { face, size, width } = print
  const margin = Math.round(width / 18)
  const inner = width - 2 * margin
  const sheet = createSheet(width, margin)
  await sheet.add(sentence(random), { face, size, width: inner }, { left: margin })
  sheet.skip(size * 1.2)

  const rows = Array.from({ length: 8 + Math.floor(random() * 6) }, () => [
    pick(random, goods),
    figure(random, 'code'),
    figure(random, 'count'),
    figure(random, 'price'),
    figure(random, 'amount').slice(1),
  ])
  rows.unshift(['Article', 'Number', 'Stock', 'Price', 'Value'])
  const pad = size * 0.5
  const ends = [0, 0.34, 0.56, 0.68, 0.82, 1].map((share) => margin + Math.round(share * inner))
  const places = rows[0]?.map((_, column): Place => {
    const isText = column < 2
    const x = isText ? (ends[column] ?? 0) + pad : (ends[column + 1] ?? 0) - pad
    return { align: isText ? 'left' : 'right', x: Math.round(x) }
  })
  const leading = Math.round(size * 0.7)
  const top = sheet.bottom
  await sheet.addRows(rows, { face, size, leading }, places ?? [])
  if (hasRules) {
    const pitch = (sheet.bottom - top + leading) / rows.length
    const first = top - leading / 2
    for (let row = 0; row <= rows.length; row++) {
      sheet.rule(margin, first + row * pitch, inner, 2)
    }
    for (const x of ends) sheet.rule(x, first, 2, rows.length * pitch)
  }
  sheet.skip(size * 1.5)
  await sheet.add(paragraph(random, 2), { face, size, width: inner }, { left: margin })
  return sheet.page()
}
