import type { Block, Box, EngineInfo, Line, OcrDocument, Page, Paragraph, Word } from '../ocr.ts'
import { createIds, pageId } from './ids.ts'
import { languageTag } from './language.ts'
import { type Attributes, element, emptyElement, textElement, xmlDeclaration } from './xml.ts'

const namespace = 'http://www.loc.gov/standards/alto/ns-v4#'
const version = '4.3'
const schema = 'http://www.loc.gov/standards/alto/v4/alto-4-3.xsd'
const processingId = 'processing_1'

/** What the parts of one page have in common. */
interface Context {
  readonly ids: (part: string) => string
  readonly lang: string | undefined
}

/** A document as ALTO 4.3, in pixels. A page that failed has no PrintSpace, a blank page an empty one. */
export function altoOf(document: OcrDocument): string {
  const lang = languageTag(document.engine.lang)
  const alto = element(
    'alto',
    {
      xmlns: namespace,
      'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
      'xsi:schemaLocation': `${namespace} ${schema}`,
      SCHEMAVERSION: version,
    },
    [
      descriptionOf(document.engine),
      element(
        'Layout',
        {},
        document.pages.map((page) => pageOf(page, lang)),
      ),
    ],
  )
  return `${xmlDeclaration}\n${alto}\n`
}

/** The file's name is not known here, so nothing is told of the source. */
function descriptionOf({ name, version, lang, psm, oem, profile }: EngineInfo): string {
  const settings = `lang ${lang}, psm ${psm}, oem ${oem}, profile ${profile}`
  return element('Description', {}, [
    textElement('MeasurementUnit', {}, 'pixel'),
    emptyElement('sourceImageInformation', {}),
    element('Processing', { ID: processingId }, [
      textElement('processingCategory', {}, 'contentGeneration'),
      textElement('processingStepDescription', {}, 'OCR'),
      textElement('processingStepSettings', {}, settings),
      element('processingSoftware', {}, [
        textElement('softwareName', {}, name),
        textElement('softwareVersion', {}, version),
      ]),
    ]),
  ])
}

function pageOf({ number, width, height, confidence, blocks, error }: Page, lang?: string): string {
  const context = { ids: createIds(number), lang }
  const read = { PC: confidence, PROCESSINGREFS: processingId }
  const attributes = {
    ID: pageId(number),
    PHYSICAL_IMG_NR: number,
    WIDTH: width || undefined,
    HEIGHT: height || undefined,
    ...(error ? {} : read),
  }
  if (error) return emptyElement('Page', attributes)
  const areas = blocks.map((block) => composedBlockOf(block, context))
  return element('Page', attributes, [
    element('PrintSpace', position({ x: 0, y: 0, width, height }), areas),
  ])
}

function composedBlockOf({ box, paragraphs }: Block, context: Context): string {
  const attributes = { ID: context.ids('block'), ...position(box) }
  return element(
    'ComposedBlock',
    attributes,
    paragraphs.map((paragraph) => textBlockOf(paragraph, context)),
  )
}

function textBlockOf({ box, lines }: Paragraph, context: Context): string {
  const attributes = { ID: context.ids('par'), ...position(box), LANG: context.lang }
  // The schema has no line without a String.
  const filled = lines.filter(({ words }) => words.length > 0)
  return element(
    'TextBlock',
    attributes,
    filled.map((line) => textLineOf(line, context)),
  )
}

function textLineOf({ box, words }: Line, context: Context): string {
  const attributes = { ID: context.ids('line'), ...position(box) }
  const children = words.flatMap((word, index) => {
    const previous = words[index - 1]
    const string = stringOf(word, context)
    return previous ? [spaceBetween(previous.box, word.box), string] : [string]
  })
  return element('TextLine', attributes, children)
}

function stringOf({ box, confidence, text }: Word, { ids }: Context): string {
  const attributes = { ID: ids('word'), ...position(box), WC: Number(confidence.toFixed(4)) }
  return emptyElement('String', { ...attributes, CONTENT: text })
}

/** From the end of one word to the start of the next, in either direction; where they overlap, no width. */
function spaceBetween(one: Box, next: Box): string {
  const start = Math.min(one.x + one.width, next.x + next.width)
  const end = Math.max(one.x, next.x)
  return emptyElement('SP', { HPOS: start, VPOS: one.y, WIDTH: Math.max(0, end - start) })
}

const position = ({ x, y, width, height }: Box): Attributes => ({
  HPOS: x,
  VPOS: y,
  WIDTH: width,
  HEIGHT: height,
})
