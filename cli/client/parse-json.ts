import type { Shape } from './answer-shapes.ts'
import { OcrApiError } from './api-error.ts'

/** @throws OcrApiError `unexpected_answer` */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new OcrApiError('unexpected_answer', 'The answer is not JSON; is the URL right?', {
      cause,
    })
  }
}

/**
 * The value as the type that its shape stands for.
 * @throws OcrApiError `unexpected_answer` with the message when it has another one
 */
export function requireShape<T>(value: unknown, shape: Shape, message: string): T {
  if (shape(value)) return value as T
  throw new OcrApiError('unexpected_answer', message)
}
