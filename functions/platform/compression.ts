import { promisify } from 'node:util'
import { deflate, gunzip, gzip, inflate, type ZlibOptions } from 'node:zlib'
import { OcrError, tooLarge } from '../contract/errors.ts'

/** What clients may compress by, in HTTP and in gRPC; `deflate` has a zlib wrapper (RFC 9110, 8.4.1.2). */
const methods = {
  gzip: { compress: promisify(gzip), decompress: promisify(gunzip) },
  deflate: { compress: promisify(deflate), decompress: promisify(inflate) },
} as const

export type Encoding = keyof typeof methods
export const encodings = Object.keys(methods) as Encoding[]

/** Sixteen times zlib's own, which takes six times as long for an image. */
const chunkSize = 256 * 1024

export const encodingNamed = (name: string): Encoding | undefined =>
  encodings.find((encoding) => encoding === name)

export const compress = (bytes: Uint8Array, encoding: Encoding): Promise<Uint8Array> =>
  methods[encoding].compress(bytes)

/**
 * @param limitBytes most bytes that may come out
 * @throws OcrError `payload_too_large`, or `invalid_request` when the bytes are damaged
 */
export async function decompress(
  bytes: Uint8Array,
  encoding: Encoding,
  limitBytes: number,
): Promise<Uint8Array> {
  // Several gzip members may follow each other (RFC 1952, 2.2).
  const rejectGarbageAfterEnd = encoding !== 'gzip'
  const options = { chunkSize, maxOutputLength: limitBytes, rejectGarbageAfterEnd }
  try {
    return await methods[encoding].decompress(bytes, options satisfies ZlibOptions)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limitBytes)
    throw new OcrError('invalid_request', `The request is not valid ${encoding}.`, { cause })
  }
}
