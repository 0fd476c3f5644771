import type { Admission } from '../platform/admission.ts'
import { readBody } from '../platform/body.ts'

export interface IntakeOptions {
  readonly admission: Admission
  readonly maxBodyBytes: number
}

/**
 * Does some work on the body of a request that has a place; the place is free again afterwards.
 * @throws OcrError `overloaded` when there is none, and whatever is wrong with the body
 */
export async function withBody<T>(
  request: Request,
  options: IntakeOptions,
  work: (body: Uint8Array) => Promise<T>,
): Promise<T> {
  using _place = options.admission.admit()
  return await work(await readBody(request, options.maxBodyBytes))
}
