import { systemMessageOf } from '../terminal/messages.ts'

/** A result that cannot be written, for which its input is not to blame. */
export class OutputError extends Error {
  override readonly name = 'OutputError'
  /** Where it should have gone. */
  readonly label: string

  constructor(label: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.label = label
  }
}

/**
 * Does something with an output.
 * @throws OutputError with what the system says
 */
export async function writing<T>(label: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw new OutputError(label, systemMessageOf(cause), { cause })
  }
}
