import {
  create,
  type DescMessage,
  type DescMethod,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf'
import { decodeMessage } from './wire.ts'

/** The call that a message came by. */
export interface Call {
  readonly signal: AbortSignal
  /** Takes what the log is to tell of it: numbers, and nothing of its content. */
  tell(facts: object): void
  /**
   * Takes what is kept of its message for the work.
   * @throws OcrError `overloaded` when there is no memory for it
   */
  keep(parts: readonly Uint8Array[]): void
}

/** One method of a service, on encoded messages. */
export interface Method {
  /** `/package.Service/Method`. */
  readonly path: string
  /** It takes one message; otherwise it answers each of a stream. */
  readonly isUnary: boolean
  /** It does work for which a request needs a place. */
  readonly needsPlace: boolean
  /** @throws OcrError */
  answer(message: Uint8Array, call: Call): Promise<Uint8Array>
}

/**
 * A method of a generated service.
 * @param handle answers one message; throws an OcrError
 */
export function implement<I extends DescMessage, O extends DescMessage>(
  description: DescMethod & { input: I; output: O },
  handle: (
    message: MessageShape<I>,
    call: Call,
  ) => MessageInitShape<O> | Promise<MessageInitShape<O>>,
  { needsPlace = false } = {},
): Method {
  const { input, output } = description
  return {
    path: `/${description.parent.typeName}/${description.name}`,
    isUnary: description.methodKind === 'unary',
    needsPlace,
    async answer(message, call) {
      const answer = await handle(decodeMessage(input, message), call)
      return toBinary(output, create(output, answer))
    },
  }
}
