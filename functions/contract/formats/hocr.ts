import type { Block, Box, Line, OcrDocument, Page, Paragraph, Word } from '../ocr.ts'
import { createIds, pageId } from './ids.ts'
import { languageTag } from './language.ts'
import { type Attributes, element, emptyElement, textElement, xmlDeclaration } from './xml.ts'

const capabilities = 'ocr_page ocr_carea ocr_par ocr_line ocrx_word ocrp_wconf'

type Ids = (part: string) => string

/** A document as hOCR 1.2: XHTML that HTML parsers read as well. A page that failed has no areas. */
export function hocrOf(document: OcrDocument): string {
  const lang = languageTag(document.engine.lang)
  const html = element('html', { xmlns: 'http://www.w3.org/1999/xhtml', lang, 'xml:lang': lang }, [
    headOf(document, lang),
    element('body', {}, document.pages.map(pageOf)),
  ])
  return `${xmlDeclaration}\n<!DOCTYPE html>\n${html}\n`
}

function headOf({ engine, pages }: OcrDocument, lang: string | undefined): string {
  const meta = (name: string, content: string) => emptyElement('meta', { name, content })
  return element('head', {}, [
    emptyElement('meta', { charset: 'utf-8' }),
    textElement('title', {}, 'OCR'),
    meta('ocr-system', `${engine.name} ${engine.version}`),
    meta('ocr-capabilities', lang ? `${capabilities} ocrp_lang` : capabilities),
    meta('ocr-number-of-pages', String(pages.length)),
    ...(lang ? [meta('ocr-langs', lang)] : []),
  ])
}

/** `ppageno` counts from 0. */
function pageOf({ number, width, height, dpi, blocks }: Page): string {
  const properties = [`bbox 0 0 ${width} ${height}`, `ppageno ${number - 1}`]
  if (dpi !== undefined) properties.push(`scan_res ${dpi} ${dpi}`)
  const ids = createIds(number)
  return element(
    'div',
    { class: 'ocr_page', id: pageId(number), title: properties.join('; ') },
    blocks.map((block) => areaOf(block, ids)),
  )
}

function areaOf({ box, paragraphs }: Block, ids: Ids): string {
  const attributes = { class: 'ocr_carea', id: ids('block'), title: bbox(box) }
  return element(
    'div',
    attributes,
    paragraphs.map((paragraph) => paragraphOf(paragraph, ids)),
  )
}

function paragraphOf({ box, lines }: Paragraph, ids: Ids): string {
  const attributes = { class: 'ocr_par', id: ids('par'), title: bbox(box) }
  return element(
    'p',
    attributes,
    lines.map((line) => lineOf(line, ids)),
  )
}

function lineOf({ box, words }: Line, ids: Ids): string {
  const attributes = { class: 'ocr_line', id: ids('line'), title: bbox(box) }
  return element(
    'span',
    attributes,
    words.map((word) => wordOf(word, ids)),
  )
}

function wordOf({ box, confidence, text }: Word, ids: Ids): string {
  const title = `${bbox(box)}; x_wconf ${Math.round(confidence * 100)}`
  const attributes: Attributes = { class: 'ocrx_word', id: ids('word'), title }
  return textElement('span', attributes, text)
}

const bbox = ({ x, y, width, height }: Box): string => `bbox ${x} ${y} ${x + width} ${y + height}`
