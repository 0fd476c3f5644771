import { OcrError } from '../contract/errors.ts'
import { createFairShare } from './fair-share.ts'
import { integer } from './settings.ts'

const MiB = 2 ** 20

interface ReceivingDefaults {
  readonly uploadMemoryMiB: number
  /** What the service counts beside uploads, for the help. */
  readonly alsoHeld?: string
}

/** Settings of a service that holds uploads in memory. */
export const receivingSettings = ({ uploadMemoryMiB, alsoHeld = '' }: ReceivingDefaults) => ({
  uploadMemoryBytes: integer({
    name: 'OCR_UPLOAD_MEMORY_BYTES',
    help: `Bytes of all uploads together, those that are arriving and those that are worked on${alsoHeld}; more is answered with 429`,
    fallback: uploadMemoryMiB * MiB,
    min: MiB,
    max: 64 * 1024 * MiB,
  }),
})

/** Is told how many bytes are held for one request. */
export interface Hold {
  /**
   * So many bytes are held now, whatever it was before.
   * @throws OcrError `overloaded` when there is no room for so many, or the caller has as much by its other requests as
   *   one may have now; then it stays at what it was
   */
  hold(bytes: number): void
}

/** Bytes that are held for one request; dispose of it when they no longer are. */
export interface HeldMemory extends Hold, Disposable {}

export interface Receiving {
  /**
   * To count the body of one request as it arrives.
   * @param caller whose it is; of one whose name is not given any number of bytes is taken
   */
  open(caller?: string): HeldMemory
  /** Of all requests. */
  readonly heldBytes: number
  /** Most of them. */
  readonly limitBytes: number
}

/** Uploads come and go within seconds. */
const retryAfterSeconds = 2

interface ReceivingOptions {
  /** Of all bodies together. */
  readonly limitBytes: number
  /** What they are, for the message. */
  readonly what?: string
}

/**
 * Bounds the memory of all bodies together, by what has arrived of them and not by what is announced: a client
 * that sends slowly holds little, and does not keep others out.
 */
export function createReceiving({ limitBytes, what = 'uploads' }: ReceivingOptions): Receiving {
  const share = createFairShare(limitBytes)
  return {
    limitBytes,
    get heldBytes() {
      return share.taken
    },
    open(caller) {
      let ownBytes = 0
      return {
        hold(bytes) {
          const more = bytes - ownBytes
          if (more > 0 && !share.allows(caller, more, ownBytes)) {
            const message = `The service holds too many ${what}; send the request again later.`
            throw new OcrError('overloaded', message, { retryAfterSeconds })
          }
          share.take(caller, more)
          ownBytes = bytes
        },
        [Symbol.dispose]() {
          share.take(caller, -ownBytes)
          ownBytes = 0
        },
      }
    },
  }
}

/** The request with a body that is counted as it is read. */
export function holdBody(request: Request, memory: Hold): Request {
  const { body } = request
  if (!body) return request
  return new Request(request, { body: ReadableStream.from(counted(body, memory)), duplex: 'half' })
}

async function* counted(body: ReadableStream<Uint8Array>, memory: Hold) {
  let length = 0
  for await (const chunk of body.values({ preventCancel: true })) {
    length += chunk.length
    memory.hold(length)
    yield chunk
  }
}

/** Bytes of the parts of a body that are copies, and no views of it. */
export const copiedBytes = (body: Uint8Array, parts: readonly Uint8Array[]): number =>
  parts.filter(({ buffer }) => buffer !== body.buffer).reduce((sum, { length }) => sum + length, 0)
