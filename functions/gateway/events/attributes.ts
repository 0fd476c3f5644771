import type { CloudEventV1 } from 'cloudevents'
import { invalid, OcrError } from '../../contract/errors.ts'
import { encodeHeader } from './header-values.ts'

/** What an event is about, apart from its data. */
export type EventAttributes = CloudEventV1<undefined>

export const requiredAttributes = ['specversion', 'type', 'source', 'id'] as const

/**
 * Checks attributes by the SDK, which would make up those that are missing or empty.
 * @throws OcrError `invalid_request` for a name or a value that is none, or an attribute that is missing
 */
export async function attributesFrom(
  given: Readonly<Record<string, unknown>>,
): Promise<EventAttributes> {
  const entries = Object.entries(given)
  if (entries.length > maxAttributes) invalid(`An event has at most ${maxAttributes} attributes.`)
  for (const [name, value] of entries) requireAttribute(name, value)
  for (const name of requiredAttributes) requireText(name, given[name])
  if (given['time'] !== undefined) requireText('time', given['time'])
  if (given['specversion'] !== '1.0') invalid('The specversion of an event must be 1.0.')
  // Takes 20 ms to load, which nobody needs before the first event.
  const { CloudEvent, ValidationError } = await import('./sdk.ts')
  try {
    return new CloudEvent<undefined>(given)
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    const [problem] = cause instanceof ValidationError ? (cause.errors ?? []) : []
    throw new OcrError('invalid_request', `The event is not valid${detailOf(problem)}.`, { cause })
  }
}

const maxAttributes = 64
/** Percent-encoded, as it may be sent again. */
const maxAttributeBytes = 2048

function requireText(name: string, value: unknown): void {
  if (value === undefined || value === '') invalid(`The event has no ${name}.`)
  if (typeof value === 'string') return
  invalid(`The event is not valid: its ${name} must be string`)
}

function requireAttribute(name: string, value: unknown): void {
  if (!/^[a-z0-9]+$/.test(name)) {
    invalid('Names of attributes have lower-case letters and digits only.')
  }
  if (typeof value === 'object') invalid('Attributes are strings, numbers or booleans.')
  if (typeof value === 'string' && isLong(value)) {
    invalid(`An attribute has more than ${maxAttributeBytes} bytes as a header.`)
  }
}

const isLong = (value: string): boolean =>
  value.length > maxAttributeBytes || encodeHeader(value).length > maxAttributeBytes

/** Of the first thing that the schema of CloudEvents finds wrong. */
function detailOf(problem: unknown): string {
  const isKnown = typeof problem === 'object' && problem !== null && 'instancePath' in problem
  const [, name] = isKnown ? (/^\/(\w{1,40})$/.exec(String(problem.instancePath)) ?? []) : []
  if (!name || !isKnown || !('message' in problem)) return ''
  return `: its ${name} ${String(problem.message)}`
}
