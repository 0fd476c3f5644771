import { createRandom } from './random.ts'

/** A request that claims to be a form with a document, and is none. */
export interface MalformedForm {
  readonly problem: string
  readonly type: string
  readonly body: Buffer<ArrayBuffer>
}

const image = Buffer.from('GIF89a no picture', 'latin1')
const disposition = (parameters: string) => `Content-Disposition: form-data; ${parameters}`
const file = disposition('name="file"; filename="a.gif"')

function part(headers: string, content: string | Buffer = image, boundary = 'b'): Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content
  const head = Buffer.from(`--${boundary}\r\n${headers}\r\n\r\n`, 'latin1')
  return Buffer.concat([head, bytes, Buffer.from('\r\n')])
}

const end = Buffer.from('--b--\r\n')
const formType = 'multipart/form-data; boundary=b'

const form = (problem: string, parts: readonly Buffer[], type = formType): MalformedForm => ({
  problem,
  type,
  body: Buffer.concat(parts),
})

const badTypes = () =>
  [
    'multipart/form-data',
    'multipart/form-data; boundary',
    'multipart/form-data; boundary=',
    'multipart/form-data; boundary=""',
    'multipart/form-data; boundary=other',
    `multipart/form-data; boundary=${'b'.repeat(71)}`,
    `multipart/form-data; boundary=${'b'.repeat(4000)}`,
    'multipart/form-data; boundary=b b',
    'multipart/form-data; Boundary=c; boundary=d',
    'multipart/mixed; boundary=b',
    'multipart/related; boundary=b',
  ].map((type) => form(`the type ${type.slice(0, 60)}`, [part(file), end], type))

const badHeaders = () =>
  [
    '',
    'nothing',
    ': no name',
    'Content-Disposition',
    'Content-Disposition:',
    'Content-Disposition: attachment',
    'Content-Disposition: form-data',
    disposition('filename="a.gif"'),
    disposition('name='),
    disposition('name="file'),
    disposition('name=""; filename="a.gif"'),
    disposition('name="File"; filename="a.gif"'),
    disposition('name="image_file"; filename="a.gif"'),
    disposition('name="__proto__"; filename="a.gif"'),
    disposition('name="constructor"'),
    disposition('name="file\\"; filename="a.gif"'),
    disposition('name="file\0"; filename="a.gif"'),
    disposition('name="\xff\xfe"; filename="a.gif"'),
    disposition(`name="${'n'.repeat(3000)}"`),
    disposition(`name="file"; filename="${'n'.repeat(5000)}"`),
    `${file}\r\nX: ${'x'.repeat(5000)}`,
    `${file}\r\n${'X: x\r\n'.repeat(1000)}X: x`,
    `${file}\r\n folded\r\n\tand folded`,
    `${disposition("name*=utf-8''file; filename*=utf-8''a.gif")}`,
  ].map((headers) =>
    form(`the headers ${JSON.stringify(headers.slice(0, 60))}`, [part(headers), end]),
  )

const badFields = () =>
  [
    [disposition('name="psm"'), '99'],
    [disposition('name="psm"'), ''],
    [disposition('name="psm"'), 'x'.repeat(4097)],
    [disposition('name="psm"; filename="psm"'), '6'],
    [disposition('name="lang"'), '../../etc/passwd'],
    [disposition('name="lang"'), '\xff\xfe'],
    [disposition('name="format"'), 'docx'],
    [disposition('name="detail"'), 'everything'],
    [disposition('name="tessdata"'), '/tmp'],
    [disposition('name="pages"'), '3-1'],
    [disposition('name="allowlist"'), '\0'],
    [disposition('name="file"'), 'again'],
    [file, 'a second file'],
  ].map(([headers = '', content = '']) =>
    form(`the field ${headers.slice(30, 90)} of ${JSON.stringify(content.slice(0, 20))}`, [
      part(file),
      part(headers, content),
      end,
    ]),
  )

const badFrames = () => [
  form('nothing', []),
  form('an end alone', [end]),
  form('only line breaks', [Buffer.from('\r\n\r\n')]),
  form('no end', [part(file)]),
  form('half an end', [part(file), Buffer.from('--b')]),
  form('an end within a line', [Buffer.from('x--b--')]),
  form('a beginning that never ends', [Buffer.from(`--b\r\n${file}`)]),
  form('headers without a body', [Buffer.from(`--b\r\n${file}\r\n\r\n`)]),
  form('line feeds for line breaks', [Buffer.from(`--b\n${file}\n\nx\n--b--\n`)]),
  form('a preamble without end', [Buffer.alloc(100_000, 'x'), part(file)]),
  form('zeros', [Buffer.alloc(100_000)]),
  form('no file', [part(disposition('name="psm"'), '6'), end]),
  form('a file that is empty', [part(file, ''), end]),
  form('a file that is text', [part(file, 'This is no image.'), end]),
  form('a form within the file', [part(file, Buffer.concat([part(file), end])), end]),
  form('a part of another boundary', [part(file, image, 'c'), end]),
  form('21 fields', [
    ...Array.from({ length: 21 }, () => part(disposition('name="psm"'), '6')),
    end,
  ]),
]

/** A good form that ends early or has a byte changed. */
function mutilated(count: number): MalformedForm[] {
  const random = createRandom(11)
  const good = Buffer.concat([part(disposition('name="psm"'), '6'), part(file), end])
  return Array.from({ length: count }, (_, index) => {
    const at = Math.floor(random() * (good.length - 4))
    if (index % 2 === 0) return form(`the first ${at} bytes of a form`, [good.subarray(0, at)])
    const body = Buffer.from(good)
    body[at] = 0xff
    return form(`a byte changed at ${at}`, [body])
  })
}

/** Many fields, each of a byte: seven megabytes. */
export const formOfManyParts = (count: number): MalformedForm =>
  form(`${count} parts`, [...Array(count).fill(part(disposition('name="psm"'), '6')), end])

/** Some hundred forms with every kind of lie and damage; the document in them is damaged as well. */
export const malformedForms = (): MalformedForm[] => [
  ...badTypes(),
  ...badHeaders(),
  ...badFields(),
  ...badFrames(),
  ...mutilated(40),
]
