/** Extensions that are set on every event, by their names. */
export type Overrides = Readonly<Record<string, string>>

/** What is no extension: attributes of CloudEvents 1.0 and 0.3, and two names that the SDK stumbles over. */
const reserved: ReadonlySet<string> = new Set([
  'id',
  'source',
  'specversion',
  'type',
  'datacontenttype',
  'dataschema',
  'subject',
  'time',
  'data',
  'datacontentencoding',
  'schemaurl',
  'validate',
  'constructor',
])

/**
 * The extensions out of a `K_CE_OVERRIDES`, none out of an empty one; undefined if it is not valid. Fields beside
 * `extensions` are left alone, as they are by Knative's own sources.
 */
export function parseOverrides(raw: string): Overrides | undefined {
  if (raw === '') return {}
  const overrides = parseJson(raw)
  if (!isRecord(overrides)) return undefined
  const extensions = overrides['extensions'] ?? {}
  return isRecord(extensions) && areExtensions(extensions) ? extensions : undefined
}

function parseJson(raw: string): unknown {
  try {
    return JSON.parse(raw)
  } catch {
    return undefined
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const areExtensions = (extensions: Record<string, unknown>): extensions is Record<string, string> =>
  Object.entries(extensions).every(
    ([name, value]) => /^[a-z0-9]+$/.test(name) && !reserved.has(name) && typeof value === 'string',
  )
