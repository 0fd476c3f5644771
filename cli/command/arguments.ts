import { parseArgs } from 'node:util'
import {
  type Detail,
  details,
  type Format,
  formats,
} from '../../functions/contract/answer-formats.ts'
import { OcrError } from '../../functions/contract/errors.ts'
import { type OcrOptions, optionNames, parseOptions } from '../../functions/contract/options.ts'
import { UsageError } from './exit-codes.ts'
import {
  defaultJobs,
  defaultUrl,
  flagOf,
  inputFlags,
  maxJobs,
  minJobs,
  otherFlags,
  outputFlags,
  recognitionFlags,
} from './flags.ts'

/** How files are to be read, and what becomes of it. */
export interface ReadCommand {
  readonly action: 'read'
  readonly url: string
  /** Files, folders, patterns and "-", as they were given. */
  readonly files: readonly string[]
  readonly options: OcrOptions
  readonly format: Format
  readonly detail: Detail | undefined
  /** Undefined prints everything; `folder` is undefined for files beside the inputs. */
  readonly writing: { readonly folder: string | undefined; readonly isForced: boolean } | undefined
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
  const { values, positionals } = parse(args)
  if (values.help) return { action: 'help' }
  if (values.version) return { action: 'version' }
  const url = urlIn(values.url ?? (environment['OCR_URL'] || defaultUrl))
  if (values.languages) return { action: 'languages', url }
  const format = oneOf('format', formats, values.format ?? 'text')
  const folder = values['output-dir']
  return {
    action: 'read',
    url,
    files: positionals,
    options: recognitionOptions(values),
    format,
    detail: detailIn(values.detail, format),
    writing:
      values.write || folder !== undefined
        ? { folder, isForced: values.force ?? false }
        : undefined,
    isRecursive: values.recursive ?? false,
    isQuiet: values.quiet ?? false,
    jobs: jobsIn(values.jobs),
  }
}

function parse(args: readonly string[]) {
  const ownFlags = { ...outputFlags, ...inputFlags, ...otherFlags }
  const options: typeof ownFlags = { ...recognitionFlags, ...ownFlags }
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    // The rest of such a message is about arguments that begin with a hyphen.
    const [message = ''] = error instanceof Error ? error.message.split(/\.(?:\s|$)/) : []
    throw new UsageError(`${message}.`)
  }
}

/** @throws UsageError with the range of the option that is not valid */
function recognitionOptions(values: Readonly<Record<string, unknown>>): OcrOptions {
  const given = optionNames
    .map((name) => [name, values[flagOf(name)]] as const)
    .filter(([, value]) => value !== undefined)
  try {
    return parseOptions(Object.fromEntries(given))
  } catch (error) {
    if (error instanceof OcrError) throw new UsageError(error.message)
    throw error
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
  throw new UsageError(`The gateway's URL must be like ${defaultUrl} (--url or OCR_URL).`)
}

function oneOf<T extends string>(flag: string, values: readonly T[], value: string): T {
  const found = values.find((candidate) => candidate === value)
  if (found !== undefined) return found
  throw new UsageError(`--${flag} must be one of ${values.join(', ')}.`)
}
