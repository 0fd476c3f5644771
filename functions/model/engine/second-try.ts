import { OcrError } from '../../contract/errors.ts'

/**
 * Does a piece of work, and does it once more when the program that did it has died, which may be by chance.
 * @param Death what is thrown when a program has died; all else is passed on
 * @param failure what is to be thrown for the second death
 */
export async function withSecondTry<T, E extends Error>(
  work: () => Promise<T>,
  Death: new (...args: never) => E,
  failure: (cause: E) => OcrError = failedTwice,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Death)) throw error
  }
  try {
    return await work()
  } catch (error) {
    throw error instanceof Death ? failure(error) : error
  }
}

export const failedTwice = (cause: Error): OcrError =>
  new OcrError('engine_crashed', 'The engine failed twice on this image.', { cause })
