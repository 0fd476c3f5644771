/** Attributes in their order; those that are undefined are left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>

export const xmlDeclaration = '<?xml version="1.0" encoding="UTF-8"?>'

/** What is no `Char` of XML 1.0 (2.2): controls, lone surrogates, U+FFFE and U+FFFF. */
const noCharacter = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu

/** Tabs and line ends are among them, since a parser makes spaces of those in attributes (3.3.3). */
const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}

/** Text for an element or a quoted attribute; what XML cannot hold becomes U+FFFD. */
export const escapeXml = (text: string): string =>
  text
    .replace(noCharacter, '\u{FFFD}')
    .replace(/[&<>"'\t\n\r]/g, (character) => references[character] ?? character)

/** An element that holds nothing but text; it has an end tag even if that is empty, for HTML's sake. */
export const textElement = (name: string, attributes: Attributes, text: string): string =>
  `${startTag(name, attributes)}${escapeXml(text)}</${name}>`

/**
 * An element that holds elements, each on lines of its own. Without indentation, which for the elements
 * within would be made anew on every level.
 */
export function element(
  name: string,
  attributes: Attributes,
  children: readonly string[] = [],
): string {
  if (children.length === 0) return textElement(name, attributes, '')
  return `${startTag(name, attributes)}\n${children.join('\n')}\n</${name}>`
}

export const emptyElement = (name: string, attributes: Attributes): string =>
  `<${name}${written(attributes)} />`

const startTag = (name: string, attributes: Attributes): string => `<${name}${written(attributes)}>`

const written = (attributes: Attributes): string =>
  Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join('')
