import { details } from '../../functions/contract/answer-formats.ts'
import { optionTexts } from '../../functions/contract/options.ts'

/** One flag as it is parsed and as it is told to people. */
export interface Flag {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  /** What stands for its value in the help. */
  readonly value?: string
  readonly help: string
}

export const defaultUrl = 'http://127.0.0.1:8001'
export const [minJobs, defaultJobs, maxJobs] = [1, 2, 16]

export const outputFlags = {
  format: {
    type: 'string',
    short: 'f',
    value: 'FORMAT',
    help: 'What to write; see Formats (default: text)',
  },
  detail: {
    type: 'string',
    value: 'DETAIL',
    help: `How much json and ndjson tell of each page: ${details.join(', ')} (default: words)`,
  },
  write: {
    type: 'boolean',
    short: 'w',
    help: 'Write a file beside each input: scan.pdf gives scan.txt, or scan.ocr.pdf',
  },
  'output-dir': {
    type: 'string',
    short: 'o',
    value: 'DIR',
    help: 'Write the files into this folder, which is made if it is not there',
  },
  force: { type: 'boolean', help: 'Overwrite files that are there already' },
  'skip-existing': { type: 'boolean', help: 'Leave out inputs whose file is there already' },
} as const satisfies Record<string, Flag>

export const inputFlags = {
  recursive: { type: 'boolean', short: 'r', help: 'Read folders with all that is below them' },
  jobs: {
    type: 'string',
    short: 'j',
    value: 'N',
    help: `Files to read at once, ${minJobs} to ${maxJobs} (default: ${defaultJobs})`,
  },
  quiet: {
    type: 'boolean',
    short: 'q',
    help: 'No progress bar, no headers between files, no notes; errors alone',
  },
} as const satisfies Record<string, Flag>

export const otherFlags = {
  url: {
    type: 'string',
    value: 'URL',
    help: `URL of the gateway (default: OCR_URL, or ${defaultUrl})`,
  },
  languages: { type: 'boolean', help: 'List the languages that are installed' },
  help: { type: 'boolean', short: 'h', help: 'Show this help' },
  version: { type: 'boolean', short: 'V', help: 'Show the version' },
} as const satisfies Record<string, Flag>

/** One that is off unless it is given. */
const isSwitch = (fallback: string): boolean => fallback === 'false'

/** The options of a recognition, under their names with hyphens. */
export const recognitionFlags: Readonly<Record<string, Flag>> = Object.fromEntries(
  Object.entries(optionTexts).map(([name, { fallback, meaning, range }]) => [
    flagOf(name),
    isSwitch(fallback)
      ? { type: 'boolean', help: plain(meaning) }
      : {
          type: 'string',
          ...(name === 'lang' && { short: 'l' }),
          value: name.toUpperCase(),
          help: `${plain(meaning)} (${range}; default: ${fallback})`,
        },
  ]),
)

export function flagOf(option: string): string {
  return option.replaceAll('_', '-')
}

/** The texts are written for a table that has code in it; a name keeps its small letter. */
function plain(text: string): string {
  return (text.charAt(0).toUpperCase() + text.slice(1)).replaceAll('`', '')
}
