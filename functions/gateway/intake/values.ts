import { invalid, named } from '../../contract/errors.ts'

/**
 * Values by their names.
 * @throws OcrError `invalid_request` for a name that is there twice
 */
export function valuesOf(entries: Iterable<readonly [string, string]>): Record<string, string> {
  const values = new Map<string, string>()
  for (const [name, value] of entries) {
    if (values.has(name)) invalid(`The option${named(name)} is there twice.`)
    values.set(name, value)
  }
  return Object.fromEntries(values)
}
