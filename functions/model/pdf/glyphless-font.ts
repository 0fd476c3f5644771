/** Where objects of a PDF come from: a document of pdfkit. */
type Objects = Pick<PDFKit.PDFDocument, 'ref'>

/** The font of invisible text: it has every character, and nothing to see for any. */
export interface GlyphlessFont {
  /** @param height of its characters, 0 to 1 of the font's size */
  variant(height: number): FontVariant
  /** Text as a hexadecimal string of the PDF, the same in all variants. */
  encode(text: string): string
  /** Writes the font, after the last text. */
  end(): void
}

/** What pages list among their resources. */
export interface FontVariant {
  readonly name: string
  readonly reference: PDFKit.PDFKitReference
}

const baseFont = 'GlyphLessFont'

/** Width of every character, of the font's size; `pdf.ttf` has 1024 of 2048 units. */
export const characterWidth = 0.5

/** Fonts have sizes in thousandths; so many heights are told apart. */
const unit = 1000
const heightSteps = 20

/**
 * A composite font (ISO 32000-1, 9.7) of one glyph, whose codes are the distinct characters of the text in
 * the order in which they come.
 * @param program a TrueType font whose glyph 1 has the width above: tesseract's `pdf.ttf`
 */
export function createGlyphlessFont(objects: Objects, program: Uint8Array): GlyphlessFont {
  const variants = new Map<number, FontVariant>()
  const codes = createCodes()
  return {
    variant(height) {
      const step = Math.min(heightSteps, Math.max(1, Math.round(height * heightSteps)))
      const known = variants.get(step)
      if (known) return known
      const variant = { name: `F${step}`, reference: objects.ref({}) }
      variants.set(step, variant)
      return variant
    },
    encode: codes.encode,
    end() {
      const parts = sharedParts(objects, program, codes.characters)
      for (const [step, { reference }] of variants) {
        Object.assign(reference.data, fontOf(objects, parts, (unit * step) / heightSteps))
        reference.end(undefined)
      }
    },
  }
}

type SharedParts = ReturnType<typeof sharedParts>

const sharedParts = (objects: Objects, program: Uint8Array, characters: readonly string[]) => ({
  fontFile: streamOf(objects, { Length1: program.length }, program),
  toUnicode: streamOf(objects, {}, Buffer.from(toUnicodeMap(characters), 'latin1')),
  glyphs: streamOf(objects, {}, glyphMap(characters.length)),
})

/** Two bytes for each code, the first of which is 0 and not used: glyph 1. */
function glyphMap(codes: number): Uint8Array {
  const glyphs = Buffer.alloc(2 * (codes + 1))
  for (let code = 1; code <= codes; code++) glyphs.writeUInt16BE(1, 2 * code)
  return glyphs
}

const fontOf = (
  objects: Objects,
  { fontFile, toUnicode, glyphs }: SharedParts,
  ascent: number,
) => ({
  Type: 'Font',
  Subtype: 'Type0',
  BaseFont: baseFont,
  Encoding: 'Identity-H',
  ToUnicode: toUnicode,
  DescendantFonts: [
    objectOf(objects, {
      Type: 'Font',
      Subtype: 'CIDFontType2',
      BaseFont: baseFont,
      CIDSystemInfo: {
        Registry: new String('Adobe'),
        Ordering: new String('Identity'),
        Supplement: 0,
      },
      CIDToGIDMap: glyphs,
      DW: unit * characterWidth,
      FontDescriptor: objectOf(objects, descriptorOf(fontFile, ascent)),
    }),
  ],
})

const fixedPitch = 1 << 0
const symbolic = 1 << 2

const descriptorOf = (fontFile: PDFKit.PDFKitReference, ascent: number) => ({
  Type: 'FontDescriptor',
  FontName: baseFont,
  Flags: fixedPitch | symbolic,
  FontBBox: [0, 0, unit * characterWidth, ascent],
  ItalicAngle: 0,
  Ascent: ascent,
  // Readers take 0 for an unknown descent, and assume one.
  Descent: -1,
  CapHeight: ascent,
  StemV: 80,
  FontFile2: fontFile,
})

/** Codes have two bytes; the first is for all characters beyond those that fit. */
const maxCodes = 0xffff
const replacement = '\u{FFFD}'

/** Characters are code points: half of a surrogate pair means nothing to a reader. */
function createCodes() {
  const codes = new Map<string, number>()
  const characters: string[] = []
  const codeOf = (character: string): number => {
    const known = codes.get(character)
    if (known !== undefined) return known
    if (characters.length >= maxCodes) return 1
    characters.push(character)
    codes.set(character, characters.length)
    return characters.length
  }
  codeOf(replacement)
  const encode = (text: string) =>
    `<${[...text.toWellFormed()].map((character) => hex(codeOf(character))).join('')}>`
  return { characters, encode }
}

/** A CMap may define this many characters in one go. */
const maxEntries = 100

/** The characters of the codes from 1 on (ISO 32000-1, 9.10.3). */
function toUnicodeMap(characters: readonly string[]): string {
  const entries = characters.map((character, index) => `<${hex(index + 1)}> <${utf16(character)}>`)
  const sections = Array.from({ length: Math.ceil(entries.length / maxEntries) }, (_, index) => {
    const section = entries.slice(index * maxEntries, (index + 1) * maxEntries)
    return `${section.length} beginbfchar\n${section.join('\n')}\nendbfchar\n`
  })
  return `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
${sections.join('')}endcmap
CMapName currentdict /CMap defineresource pop
end
end
`
}

const hex = (number: number): string => number.toString(16).toUpperCase().padStart(4, '0')

const utf16 = (character: string): string =>
  Array.from({ length: character.length }, (_, index) => hex(character.charCodeAt(index))).join('')

function objectOf(objects: Objects, data: object): PDFKit.PDFKitReference {
  const reference = objects.ref(data)
  reference.end(undefined)
  return reference
}

function streamOf(objects: Objects, data: object, content: Uint8Array): PDFKit.PDFKitReference {
  const reference = objects.ref(data)
  reference.end(content)
  return reference
}
