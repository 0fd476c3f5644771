import {
  type Detail,
  details,
  type Format,
  formats,
} from '../../functions/contract/answer-formats.ts'
import { OcrError } from '../../functions/contract/errors.ts'
import { type OcrOptions, optionNames, parseOptions } from '../../functions/contract/options.ts'
import { UsageError } from './exit-codes.ts'
import { defaultJobs, defaultUrl, flagOf, maxJobs, minJobs } from './flags.ts'
import { parseFlags } from './parse-flags.ts'
import { type Writing, writingBy } from './writing.ts'

/** How files are to be read, and what becomes of it. */
export interface ReadCommand {
  readonly action: 'read'
  readonly url: string
  /** Files, folders, patterns and "-", as they were given. */
  readonly files: readonly string[]
  readonly options: OcrOptions
  readonly format: Format
  readonly detail: Detail | undefined
  /** Undefined when everything is printed. */
  readonly writing: Writing | undefined
  readonly isRecursive: boolean
  readonly isQuiet: boolean
  readonly jobs: number
}

export type Command =
  | { readonly action: 'help' }
  | { readonly action: 'version' }
  | { readonly action: 'languages'; readonly url: string }
  | ReadCommand

type Environment = Readonly<Record<string, string | undefined>>

/**
 * What a command line asks for.
 * @throws UsageError
 */
export function parseCommand(args: readonly string[], environment: Environment): Command {
  const { values, positionals } = parseFlags(args)
  if (values.help) return { action: 'help' }
  if (values.version) return { action: 'version' }
  const url = urlIn(values.url ?? (environment['OCR_URL'] || defaultUrl))
  if (values.languages) {
    if (positionals.length > 0) throw new UsageError('--languages takes no files.')
    return { action: 'languages', url }
  }
  const format = oneOf('format', formats, values.format ?? 'text')
  return {
    action: 'read',
    url,
    files: positionals,
    options: recognitionOptions(values),
    format,
    detail: detailIn(values.detail, format),
    writing: writingBy(values),
    isRecursive: values.recursive ?? false,
    isQuiet: values.quiet ?? false,
    jobs: jobsIn(values.jobs),
  }
}

/** @throws UsageError with the range of the option that is not valid */
function recognitionOptions(values: Readonly<Record<string, unknown>>): OcrOptions {
  const { lang } = values
  if (typeof lang === 'string' && lang.includes(',')) {
    throw new UsageError(`--lang: join languages by "+": ${lang.replaceAll(/\s*,\s*/g, '+')}.`)
  }
  const given = optionNames
    .map((name) => [name, values[flagOf(name)]] as const)
    .filter(([, value]) => value !== undefined)
  try {
    return parseOptions(Object.fromEntries(given))
  } catch (error) {
    if (!(error instanceof OcrError)) throw error
    const message = error.message.replace(/^\w+(?= must be )/, (name) => `--${flagOf(name)}`)
    throw new UsageError(message)
  }
}

function detailIn(value: string | undefined, format: Format): Detail | undefined {
  if (value === undefined) return undefined
  if (format !== 'json' && format !== 'ndjson') {
    throw new UsageError('--detail is for --format json and ndjson.')
  }
  return oneOf('detail', details, value)
}

function jobsIn(value = String(defaultJobs)): number {
  const jobs = /^\d{1,4}$/.test(value) ? Number(value) : Number.NaN
  if (jobs >= minJobs && jobs <= maxJobs) return jobs
  throw new UsageError(`--jobs must be a whole number from ${minJobs} to ${maxJobs}.`)
}

function urlIn(value: string): string {
  if (URL.canParse(value) && /^https?:/i.test(value)) return value
  const shouldBe = `must be like ${defaultUrl}, but is "${value}"`
  throw new UsageError(`The gateway's URL (--url or OCR_URL) ${shouldBe}.`)
}

function oneOf<T extends string>(flag: string, values: readonly T[], value: string): T {
  const found = values.find((candidate) => candidate === value)
  if (found !== undefined) return found
  throw new UsageError(`--${flag} must be one of ${values.join(', ')}.`)
}
