/** An object's dictionary, and what stands in its stream. */
export type PdfObject = string | { readonly dictionary: string; readonly stream: Buffer }

/** A file of objects that are numbered from 1, of which the first is the catalog. */
export function pdf(objects: readonly PdfObject[]): Buffer {
  const head = Buffer.from('%PDF-1.7\n')
  const parts: Buffer[] = [head]
  const offsets: number[] = []
  let length = head.length
  const append = (part: Buffer) => {
    parts.push(part)
    length += part.length
  }
  for (const [index, object] of objects.entries()) {
    offsets.push(length)
    append(
      Buffer.concat([
        Buffer.from(`${index + 1} 0 obj\n`),
        bodyOf(object),
        Buffer.from('\nendobj\n'),
      ]),
    )
  }
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`)
  const count = objects.length + 1
  const table = `xref\n0 ${count}\n0000000000 65535 f \n${rows.join('')}`
  const end = `trailer\n<< /Size ${count} /Root 1 0 R >>\nstartxref\n${length}\n%%EOF\n`
  return Buffer.concat([...parts, Buffer.from(table + end)])
}

function bodyOf(object: PdfObject): Buffer {
  if (typeof object === 'string') return Buffer.from(object, 'latin1')
  const { dictionary, stream } = object
  const head = `<< ${dictionary} /Length ${stream.length} >>\nstream\n`
  return Buffer.concat([Buffer.from(head), stream, Buffer.from('\nendstream')])
}

export const catalog = '<< /Type /Catalog /Pages 2 0 R >>'
const pages = '<< /Type /Pages /Kids [3 0 R] /Count 1 >>'

interface Page {
  readonly content: string | Buffer
  /** Points of a side. */
  readonly size?: number
  readonly resources?: string
  /** Of the content. */
  readonly dictionary?: string
  readonly filter?: string
  readonly more?: readonly PdfObject[]
  readonly root?: string
}

/** One page, whose content is object 4; what is more begins with object 5. */
export function page(of: Page): Buffer {
  const { content, size = 200, resources = '', filter, more = [], root = catalog } = of
  const { dictionary = filter ? `/Filter ${filter}` : '' } = of
  return pdf([
    root,
    pages,
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${size} ${size}] /Resources << ${resources} >> /Contents 4 0 R >>`,
    { dictionary, stream: Buffer.from(content) },
    ...more,
  ])
}

export const form = (resources: string, content: string): PdfObject => ({
  dictionary: `/Type /XObject /Subtype /Form /BBox [0 0 200 200] /Resources << ${resources} >>`,
  stream: Buffer.from(content),
})
