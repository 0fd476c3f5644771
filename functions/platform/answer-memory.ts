import { createReceiving, type HeldMemory, type Receiving } from './receiving.ts'

/** Answers of up to so many bytes are not counted: as many as there can be at once take little. */
export const shortBytes = 64 * 1024

/** Memory for the long answers of all requests: while they come from the model, and while clients take them. */
export interface AnswerMemory extends Pick<Receiving, 'heldBytes' | 'limitBytes'> {
  /**
   * To count one answer.
   * @param caller whose it is; of one whose name is not given any number of bytes is taken
   */
  open(caller?: string): HeldMemory
}

export function createAnswerMemory({ limitBytes }: { limitBytes: number }): AnswerMemory {
  const receiving = createReceiving({ limitBytes, what: 'long answers' })
  return {
    limitBytes,
    get heldBytes() {
      return receiving.heldBytes
    },
    open(caller) {
      const memory = receiving.open(caller)
      return {
        hold: (bytes) => memory.hold(bytes > shortBytes ? bytes : 0),
        [Symbol.dispose]: () => memory[Symbol.dispose](),
      }
    },
  }
}
