/** A piece of XML that is well-formed in itself. */
export interface Markup {
  readonly markup: string
}

type Attributes = Readonly<Record<string, string | number>>

/** @param children texts are escaped */
export function element(
  name: string,
  attributes: Attributes,
  ...children: ReadonlyArray<Markup | string>
): Markup {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${written(value)}"`)
  const content = children.map((child) =>
    typeof child === 'string' ? escaped(child) : child.markup,
  )
  const start = `<${name}${pairs.join('')}`
  return {
    markup: content.length === 0 ? `${start}/>` : `${start}>${content.join('')}</${name}>`,
  }
}

/** A tenth of a pixel is fine enough for a picture, and keeps it small. */
const written = (value: string | number): string =>
  typeof value === 'number' ? String(Math.round(value * 10) / 10) : escaped(value)

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

/** Characters that XML 1.0 has no way to write are left out. */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[^\P{Cc}\t\n\r]|[\uFFFE\uFFFF]/gu, '')
    .replaceAll(/[&<>"]/g, (character) => entities[character] ?? '')
