/** One environment variable: how it is named, read, bounded and described. */
export interface Setting<T> {
  readonly name: string
  readonly help: string
  readonly fallback: T
  /** The values it takes, for people. */
  readonly range: string
  /** The value, or undefined when `raw` is out of range. */
  readonly parse: (raw: string) => T | undefined
}

// biome-ignore lint/suspicious/noExplicitAny: any list of settings, whatever their types
type Settings = Readonly<Record<string, Setting<any>>>
export type Values<S extends Settings> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never
}

interface Description<T> {
  name: string
  help: string
  fallback: T
}

/** A whole number from `min` to `max`. */
export function integer(
  description: Description<number> & { min: number; max: number },
): Setting<number> {
  const { min, max } = description
  return {
    ...description,
    range: `${min}–${max}`,
    parse: (raw) => {
      const value = /^\d{1,15}$/.test(raw) ? Number(raw) : Number.NaN
      return value >= min && value <= max ? value : undefined
    },
  }
}

/** One of a few words. */
export function oneOf<T extends string>(
  description: Description<T> & { values: readonly T[] },
): Setting<T> {
  const { values } = description
  return {
    ...description,
    range: values.join(', '),
    parse: (raw) => values.find((value) => value === raw),
  }
}

/** Text that matches a pattern; `range` says in words which. */
export function text(
  description: Description<string> & { pattern: RegExp; range: string },
): Setting<string> {
  return { ...description, parse: (raw) => (description.pattern.test(raw) ? raw : undefined) }
}

/**
 * Reads every setting from an environment. A variable that is unset or empty takes its fallback.
 * @throws Error with a line per bad variable: its name, its value and what it may be
 */
export function loadSettings<S extends Settings>(
  settings: S,
  environment: Readonly<Record<string, string | undefined>>,
): Values<S> {
  const problems: string[] = []
  const entries = Object.entries(settings).map(([key, setting]) => {
    const raw = environment[setting.name]
    if (raw === undefined || raw === '') return [key, setting.fallback]
    const value = setting.parse(raw)
    if (value === undefined) {
      problems.push(`${setting.name} is "${raw}", but must be: ${setting.range}`)
    }
    return [key, value]
  })
  if (problems.length > 0) throw new Error(problems.join('\n'))
  return Object.fromEntries(entries)
}

/** Settings that both services have: where it listens, what it logs, how long it may take to stop. */
export const serverSettings = {
  port: integer({
    name: 'PORT',
    help: 'Port to listen on; Knative sets it',
    fallback: 8080,
    min: 0,
    max: 65_535,
  }),
  host: text({
    name: 'HOST',
    help: 'Address to listen on',
    fallback: '0.0.0.0',
    pattern: /^[\w.:-]+$/,
    range: 'an address of this machine',
  }),
  logLevel: oneOf({
    name: 'OCR_LOG_LEVEL',
    help: 'Least severe log lines to write',
    fallback: 'info',
    values: ['debug', 'info', 'warn', 'error'],
  }),
  maxConnections: integer({
    name: 'OCR_MAX_CONNECTIONS',
    help: 'Connections at once, and requests at once over HTTP/2; one more is closed as soon as it is open',
    fallback: 1_000,
    min: 1,
    max: 100_000,
  }),
  receiveTimeoutMs: integer({
    name: 'OCR_RECEIVE_TIMEOUT_MS',
    help: 'Time for a client to send a request; a slower one is cut off with 408',
    fallback: 30_000,
    min: 100,
    max: 600_000,
  }),
  shutdownGraceMs: integer({
    name: 'OCR_SHUTDOWN_GRACE_MS',
    help: 'After SIGTERM, how long requests that were admitted may take to finish',
    fallback: 25_000,
    min: 0,
    max: 600_000,
  }),
}
