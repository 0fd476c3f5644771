import { deflateSync, gzipSync } from 'node:zlib'
import { createRandom } from './random.ts'

/** A request that no server may accept. */
export interface MalformedRequest {
  readonly problem: string
  /** Below the model's URL. */
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: Buffer<ArrayBuffer>
}

const headerLength = 'inference-header-content-length'
const image = Buffer.from('GIF89a no picture')
const base64 = image.toString('base64')
const element = Buffer.concat([Buffer.from([image.length, 0, 0, 0]), image])

const json = (value: unknown): Buffer<ArrayBuffer> => Buffer.from(JSON.stringify(value))
const input = (change: object = {}) => ({
  name: 'image',
  datatype: 'BYTES',
  shape: [1],
  data: [base64],
  ...change,
})

function v2(
  problem: string,
  body: Buffer<ArrayBuffer>,
  headers: Record<string, string> = {},
): MalformedRequest {
  return { problem, path: '/v2/models/ocr-model/infer', headers, body }
}

const v2Json = (problem: string, value: unknown) =>
  v2(`${problem} ${JSON.stringify(value)}`.slice(0, 90), json(value))

/** A binary request with what its lengths claim and what is there. */
function binary(problem: string, claim: { json?: unknown; size?: unknown; tail?: Buffer }) {
  const { size = element.length, tail = element } = claim
  const head = json({
    inputs: [input({ data: undefined, parameters: { binary_data_size: size } })],
  })
  const length = claim.json === undefined ? head.length : claim.json
  const headers = { [headerLength]: String(length) }
  return v2(`${problem} ${length}, ${size}, ${tail.length}`, Buffer.concat([head, tail]), headers)
}

const lyingHeaderLengths = () =>
  [-1, 1, 2, 50, 1e3, 1e9, 1e10, 1e20, '0x10', '1e2', '12.5', 'NaN', '+9', '9 9'].flatMap(
    (length) => [
      binary('a header length of', { json: length }),
      v2(`a header length for JSON of ${length}`, json({ inputs: [input()] }), {
        [headerLength]: String(length),
      }),
    ],
  )

const lyingTensorSizes = () =>
  [-1, 0, 1, 3, 4, 20, 22, 1e3, 1e9, 2 ** 31, 2 ** 53, 0.5, '21', true, 'x'].flatMap((size) => [
    binary('a tensor size of', { size }),
    binary('a tensor size with more behind it of', { size, tail: Buffer.alloc(60, 1) }),
  ])

const lyingElementLengths = () =>
  [0, 1, 16, 18, 255, 2 ** 16, 2 ** 24, 2 ** 31, 2 ** 32 - 1].map((length) => {
    const tail = Buffer.from(element)
    tail.writeUInt32LE(length)
    return binary(`an element length of ${length} in`, { tail })
  })

const sumsThatDoNotMatch = () =>
  [0, 1, 2, 3, 5, 20].flatMap((missing) => {
    const inputs = ['image', 'image'].map((name) =>
      input({ name, data: undefined, parameters: { binary_data_size: element.length } }),
    )
    const head = json({ inputs })
    const tail = Buffer.concat([element, element]).subarray(missing)
    const headers = { [headerLength]: String(head.length) }
    return [
      v2(`two tensors with ${missing} bytes too few`, Buffer.concat([head, tail]), headers),
      v2(
        `two tensors with ${missing + 1} bytes too many`,
        Buffer.concat([head, tail, Buffer.alloc(2 * missing + 1)]),
        headers,
      ),
    ]
  })

const badUtf8 = () =>
  ['ff', 'c0af', 'eda080', 'f4908080', 'c3', 'e28200', '80', 'f8888080'].flatMap((hex) => {
    const bytes = Buffer.from(hex, 'hex')
    const at = (before: string, after: string) =>
      Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)])
    return [
      v2(`bad UTF-8 ${hex} in a name`, at('{"inputs":[{"name":"', '"}]}')),
      v2(
        `bad UTF-8 ${hex} in data`,
        at('{"inputs":[{"name":"image","datatype":"BYTES","shape":[1],"data":["', '"]}]}'),
      ),
      v2(`bad UTF-8 ${hex} alone`, at('', '')),
    ]
  })

const deepNesting = () =>
  [33, 40, 100, 1_000, 10_000, 100_000].flatMap((depth) => [
    v2(`lists ${depth} deep`, Buffer.from('['.repeat(depth) + ']'.repeat(depth))),
    v2(`objects ${depth} deep`, Buffer.from(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)),
    v2(
      `data ${depth} deep`,
      Buffer.from(
        `{"inputs":[{"name":"image","datatype":"BYTES","shape":[1],"data":${'['.repeat(depth)}1${']'.repeat(depth)}}]}`,
      ),
    ),
    v2(`lists that are never closed, ${depth} deep`, Buffer.from('['.repeat(depth))),
  ])

const prototypeKeys = () =>
  ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'].flatMap((key) => [
    v2(`${key} with the inputs`, Buffer.from(`{"${key}":{"inputs":[${json(input())}]}}`)),
    v2(`${key} with an input`, Buffer.from(`{"inputs":[{"${key}":${json(input())}}]}`)),
    v2Json('a datatype of', { inputs: [input({ datatype: key })] }),
    v2Json('an input of', { inputs: [input({ name: key })] }),
    v2Json('an output of', { inputs: [input()], outputs: [{ name: key }] }),
    v2(
      `an image in ${key}`,
      Buffer.from(
        `{"inputs":[{"name":"image","datatype":"BYTES","shape":[1],"data":[{"${key}":{"b64":"${base64}"}}]}]}`,
      ),
    ),
    v2(`a language of ${key}`, json({ inputs: [input()], parameters: { lang: key } })),
  ])

const badDimensions = () =>
  ['NaN', null, -1, 0, 2, 1.5, 1e9, 2 ** 31, 2 ** 53, 1e300, '1', [1], {}, true].flatMap((size) => [
    v2Json('a shape of', { inputs: [input({ shape: [size] })] }),
    v2Json('a shape of', { inputs: [input({ shape: [1, size] })] }),
    v2Json('a shape of', { inputs: [input({ shape: size })] }),
    v2Json('UINT8 of', { inputs: [input({ datatype: 'UINT8', shape: [size], data: [1, 2, 3] })] }),
  ])

const wrongTypes = () =>
  [null, 7, 'text', true, [], {}, [null], [[]]].flatMap((value) => [
    v2Json('a body of', value),
    v2Json('inputs of', { inputs: value }),
    v2Json('an input of', { inputs: [value] }),
    v2Json('data of', { inputs: [input({ data: value })] }),
    v2Json('an element of', { inputs: [input({ data: [value] })] }),
    v2Json('a datatype of', { inputs: [input({ datatype: value })] }),
    v2Json('an option of', { inputs: [input()], parameters: { psm: value } }),
    ...(Array.isArray(value) && value.length === 0
      ? []
      : [v2Json('outputs of', { inputs: [input()], outputs: value })]),
    { ...v2Json('instances of', { instances: value }), path: '/v1/models/ocr-model:predict' },
    { ...v2Json('an instance of', { instances: [value] }), path: '/v1/models/ocr-model:predict' },
  ])

const brokenCompression = () =>
  (
    [
      ['gzip', gzipSync(json({ inputs: [input()] }))],
      ['deflate', deflateSync(json({ inputs: [input()] }))],
    ] as const
  ).flatMap(([encoding, body]) => [
    v2(`${encoding} cut off`, body.subarray(0, -5), { 'content-encoding': encoding }),
    v2(`${encoding} of nothing`, Buffer.from('x'), { 'content-encoding': encoding }),
    v2(`${encoding} of a bomb`, gzipSync(Buffer.alloc(30 * 2 ** 20)), {
      'content-encoding': encoding,
    }),
    v2(`${encoding} announced for the other`, body, {
      'content-encoding': encoding === 'gzip' ? 'deflate' : 'gzip',
    }),
  ])

/** A good request that ends early or has a byte changed to what is never right outside of a string. */
function mutilated(count: number): MalformedRequest[] {
  const random = createRandom(7)
  const good = json({ inputs: [input()], parameters: { psm: 6 } })
  return Array.from({ length: count }, (_, index) => {
    const at = Math.floor(random() * (good.length - 1))
    if (index % 2 === 0) return v2(`the first ${at} bytes of a request`, good.subarray(0, at))
    const body = Buffer.from(good)
    body[at] = 0
    return v2(`a zero at byte ${at}`, body)
  })
}

/** Some hundred requests with every kind of lie and damage. */
export const malformedRequests = (): MalformedRequest[] => [
  ...lyingHeaderLengths(),
  ...lyingTensorSizes(),
  ...lyingElementLengths(),
  ...sumsThatDoNotMatch(),
  ...badUtf8(),
  ...deepNesting(),
  ...prototypeKeys(),
  ...badDimensions(),
  ...wrongTypes(),
  ...brokenCompression(),
  ...mutilated(40),
]
