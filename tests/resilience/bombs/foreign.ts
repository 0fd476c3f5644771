import { gzipSync } from 'node:zlib'
import sharp from 'sharp'
import { zeros } from '../../documents/bytes.ts'
import { type Bomb, MiB } from './bomb.ts'

const lines = (...parts: string[]): Buffer => Buffer.from(parts.join('\n'), 'latin1')

/** Groups that each draw the one before ten times. */
const nestedSvg = (): Buffer => {
  const groups = Array.from(
    { length: 9 },
    (_, level) => `<g id="g${level + 1}">${`<use href="#g${level}"/>`.repeat(10)}</g>`,
  )
  return lines(
    '<svg xmlns="http://www.w3.org/2000/svg"><rect id="g0" width="9" height="9"/>',
    ...groups,
    '</svg>',
  )
}

const entitySvg = (): Buffer => {
  const entities = Array.from(
    { length: 9 },
    (_, level) => `<!ENTITY e${level + 1} "${`&e${level};`.repeat(10)}">`,
  )
  return lines(
    '<!DOCTYPE svg [<!ENTITY e0 "ha">',
    ...entities,
    ']>',
    '<svg xmlns="http://www.w3.org/2000/svg"><text>&e9;</text></svg>',
  )
}

/** A file's first bytes, and as many zeros as may stand for the rest. */
const begins = (hex: string): Buffer => Buffer.concat([Buffer.from(hex, 'hex'), zeros(4096)])

const picture = (format: 'jpeg' | 'gif' | 'png') =>
  sharp({ create: { width: 64, height: 64, channels: 3, background: 'white' } })
    .toFormat(format)
    .toBuffer()

/** The end of a ZIP archive that has no files. */
const emptyZip = Buffer.concat([Buffer.from('504b0506', 'hex'), zeros(18)])

const foreign: [name: string, file: Bomb['file']][] = [
  [
    'BMP of 30000 x 30000',
    () =>
      begins(
        '424d' +
          '36000000' +
          '00000000' +
          '36000000' +
          '28000000' +
          '30750000' +
          '30750000' +
          '01001800',
      ),
  ],
  ['SVG of a billion squares', nestedSvg],
  ['SVG of a billion words by entities', entitySvg],
  [
    'SVG that asks for a file',
    () =>
      lines(
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd" width="9" height="9"/></svg>',
      ),
  ],
  ['AVIF', () => begins('0000001c6674797061766966000000006d696631')],
  ['HEIF', () => begins('0000001c6674797068656963000000006d696631')],
  ['JPEG XL', () => begins('0000000c4a584c200d0a870a')],
  [
    'JPEG 2000 of 4294967295 x 4294967295',
    () =>
      begins(
        '0000000c6a5020200d0a870a00000014667479706a703220000000006a7032200000002d6a703268000000166968647200ffffffffffffff',
      ),
  ],
  [
    'PSD of 30000 x 30000',
    () =>
      begins('38425053' + '0001' + '000000000000' + '0003' + '00007530' + '00007530' + '00080003'),
  ],
  ['PPM of 30000 x 30000', () => lines('P6 30000 30000 255', 'x')],
  ['PFM', () => lines('PF 30000 30000 -1.0', 'x')],
  ['PostScript that runs forever', () => lines('%!PS-Adobe-3.0', '{} loop')],
  ['EPS', () => lines('%!PS-Adobe-3.0 EPSF-3.0', '%%BoundingBox: 0 0 9 9', 'showpage')],
  ['HTML', () => lines('<!DOCTYPE html><html><body><img src="/etc/passwd"></body></html>')],
  ['a list of paths', () => lines('/etc/passwd', '/etc/hostname', '')],
  ['a list of addresses', () => lines('http://127.0.0.1:1/a.png', 'file:///etc/passwd', '')],
  [
    'an instruction of ImageMagick (MVG)',
    () =>
      lines(
        'push graphic-context',
        "image over 0,0 0,0 'label:@/etc/passwd'",
        'pop graphic-context',
      ),
  ],
  [
    'a script of ImageMagick (MSL)',
    () => lines('<?xml version="1.0"?><image><read filename="/etc/passwd"/></image>'),
  ],
  ['a picture of libvips', () => begins('08f2f6b6' + '30750000' + '30750000' + '03000000')],
  ['ICO', () => begins('00000100ffff0000')],
  ['OpenEXR', () => begins('762f310102000000')],
  [
    'Radiance HDR',
    () => lines('#?RADIANCE', 'FORMAT=32-bit_rle_rgbe', '', '-Y 30000 +X 30000', ''),
  ],
  ['FITS', () => Buffer.from('SIMPLE  =                    T'.padEnd(80).padEnd(2880))],
  ['ZIP', () => emptyZip],
  ['gzip of 512 MiB', () => gzipSync(zeros(512 * MiB))],
  ['gzip of a PNG', async () => gzipSync(await picture('png'))],
  ['20 MiB of zeros', () => zeros(20 * MiB)],
  ['a byte', () => zeros(1)],
]

export const foreignBombs: Bomb[] = [
  ...foreign.map(([name, file]): Bomb => ({ name, outcome: 'unsupported_media', file })),
  { name: 'nothing', outcome: 'invalid_request', file: () => zeros(0) },
  { name: '20 MiB and a byte', outcome: 'payload_too_large', file: () => zeros(20 * MiB + 1) },
  {
    name: 'JPEG that is a ZIP, too',
    outcome: 'read',
    file: async () => Buffer.concat([await picture('jpeg'), emptyZip]),
  },
  {
    name: 'GIF that is a script, too',
    outcome: 'read',
    file: async () => Buffer.concat([await picture('gif'), lines('*/=1;require("fs")')]),
  },
  {
    name: 'PNG that is a web page, too',
    outcome: 'read',
    file: async () => Buffer.concat([await picture('png'), lines('<script>alert(1)</script>')]),
  },
]
