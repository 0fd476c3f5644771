import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { zeros } from '../../documents/bytes.ts'
import { pdfOf } from '../../documents/containers.ts'
import { catalog, form, type PdfObject, page, pdf } from '../../documents/pdf-file.ts'
import { type Bomb, drawing, large, MiB, pageTimeoutSeconds } from './bomb.ts'

/** Forms that each draw the next ten times; the last one draws a line. */
function billion(): Buffer {
  const levels = 9
  const forms = Array.from({ length: levels }, (_, level) =>
    form(`/XObject << /F ${level + 6} 0 R >>`, '/F Do '.repeat(10)),
  )
  return page({
    content: '/F Do',
    resources: '/XObject << /F 5 0 R >>',
    more: [...forms, form('', '0 0 m 9 9 l S')],
  })
}

/** A page that shows a picture, of which it says how large it is. */
const showing = (side: number, stream: Buffer): Buffer => {
  const size = `/Width ${side} /Height ${side} /BitsPerComponent 8 /ColorSpace /DeviceGray`
  const dictionary = `/Type /XObject /Subtype /Image ${size} /Filter /FlateDecode`
  return page({
    content: 'q 200 0 0 200 0 0 cm /I Do Q',
    resources: '/XObject << /I 5 0 R >>',
    more: [{ dictionary, stream }],
  })
}

const line = '0 0 m 9 9 l S'
const leaf = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>'
const withAction = (action: string): string =>
  `<< /Type /Catalog /Pages 2 0 R /OpenAction << ${action} >> >>`
const deep = '['.repeat(100_000) + ']'.repeat(100_000)

/** Pages that are all alike. */
const pagesOf = (count: number): Buffer => {
  const kids = Array.from({ length: count }, (_, index) => `${index + 3} 0 R`).join(' ')
  return pdf([
    catalog,
    `<< /Type /Pages /Count ${count} /Kids [${kids}] >>`,
    ...Array<string>(count).fill(leaf),
  ])
}

/** Tiles of a hundredth of a point. */
const tiling: PdfObject = {
  dictionary:
    '/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 0.01 0.01] /XStep 0.01 /YStep 0.01 /Resources << >>',
  stream: Buffer.from('0 0 1 1 re f'),
}

export const pdfBombs: Bomb[] = [
  {
    name: 'PDF of 14400 x 14400 points',
    outcome: 'read',
    allowed: large,
    file: () => page({ content: line, size: 14_400 }),
  },
  {
    name: 'PDF of 1e9 x 1e9 points',
    outcome: 'image_too_large',
    file: () => page({ content: line, size: 1e9 }),
  },
  { name: 'PDF of 20,000 pages', outcome: 'too_many_pages', file: () => pagesOf(20_000) },
  {
    name: 'PDF that claims 2147483647 pages',
    outcome: 'undecodable_image',
    file: () => pdf([catalog, '<< /Type /Pages /Count 2147483647 /Kids [3 0 R] >>', leaf]),
  },
  {
    name: 'PDF whose pages are a ring',
    outcome: 'undecodable_image',
    file: () => pdf([catalog, '<< /Type /Pages /Count 1 /Kids [2 0 R] >>']),
  },
  {
    name: 'PDF whose content inflates to 1 GiB',
    outcome: 'either',
    allowed: drawing,
    file: () =>
      page({ content: deflateSync(Buffer.alloc(1024 * MiB, ' ')), filter: '/FlateDecode' }),
  },
  {
    name: 'PDF whose content is deflated twice, to 4 GiB',
    outcome: 'either',
    allowed: drawing,
    file: () =>
      page({
        content: deflateSync(Buffer.alloc(4 * MiB, deflateSync(Buffer.alloc(64 * MiB, ' ')))),
        filter: '[/FlateDecode /FlateDecode]',
      }),
  },
  {
    name: 'PDF with a million lines',
    outcome: 'either',
    allowed: drawing,
    file: () =>
      page({
        content: deflateSync('0 0 m 199 199 l S\n'.repeat(1_000_000)),
        filter: '/FlateDecode',
      }),
  },
  {
    name: 'PDF whose form draws itself',
    outcome: 'read',
    file: () => {
      const itself = '/XObject << /F 5 0 R >>'
      return page({ content: '/F Do', resources: itself, more: [form(itself, '/F Do')] })
    },
  },
  { name: 'PDF of a billion forms', outcome: 'either', allowed: drawing, file: billion },
  {
    name: 'PDF with a picture of 30000 x 30000',
    outcome: 'either',
    allowed: drawing,
    file: () => showing(30_000, deflateSync(zeros(30_000 * 30_000))),
  },
  {
    name: 'PDF with a picture that claims 1000000 x 1000000',
    outcome: 'either',
    allowed: drawing,
    file: () => showing(1_000_000, deflateSync(zeros(MiB))),
  },
  {
    name: 'PDF with JavaScript',
    outcome: 'read',
    file: () => page({ content: line, root: withAction('/S /JavaScript /JS (while(true){})') }),
  },
  {
    name: 'PDF that starts a program',
    outcome: 'read',
    file: () => page({ content: line, root: withAction('/S /Launch /F (/bin/sh)') }),
  },
  {
    name: 'PDF whose content is in another file',
    outcome: 'either',
    file: () => page({ content: '', dictionary: '/F (/etc/passwd)' }),
  },
  {
    name: 'PDF with lists 100,000 levels deep',
    outcome: 'either',
    file: () => page({ content: line, more: [deep] }),
  },
  {
    name: 'PDF whose catalog has lists 100,000 levels deep',
    outcome: 'either',
    allowed: { seconds: 2 * pageTimeoutSeconds + 1, growthMB: 100 },
    file: () => page({ content: line, root: `<< /Type /Catalog /Pages 2 0 R /Names ${deep} >>` }),
  },
  {
    name: 'PDF of 400,000 objects',
    outcome: 'read',
    allowed: drawing,
    file: () => page({ content: line, more: Array<string>(400_000).fill('null') }),
  },
  {
    name: 'PDF with a pattern of 400 million tiles',
    outcome: 'either',
    allowed: drawing,
    file: () =>
      page({
        content: '/Pattern cs /P scn 0 0 200 200 re f',
        resources: '/Pattern << /P 5 0 R >>',
        more: [tiling],
      }),
  },
  {
    name: 'PDF with a password',
    outcome: 'encrypted_document',
    file: () =>
      pdfOf([sharp(zeros(64 * 64), { raw: { width: 64, height: 64, channels: 1 } }).png()], {
        password: 'secret',
      }),
  },
]
