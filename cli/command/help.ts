import { answerFormats } from '../../functions/contract/answer-formats.ts'
import { exitCodes } from './exit-codes.ts'
import { type Flag, inputFlags, otherFlags, outputFlags, recognitionFlags } from './flags.ts'

const width = 100
const column = 30

const groups: Readonly<Record<string, Readonly<Record<string, Flag>>>> = {
  Output: outputFlags,
  Files: inputFlags,
  Recognition: recognitionFlags,
  Other: otherFlags,
}

/** Each with what it does. */
const examples = [
  ['ocr scan.png', 'prints the text'],
  ['curl -s URL | ocr -', 'reads the standard input'],
  ['ocr -f pdf -w scan.tiff', 'writes scan.ocr.pdf, which can be searched'],
  ['ocr -r -o texts scans/', 'writes texts/….txt for each file below scans'],
  ["ocr -l eng+deu --pages 1-3 'in/**/*.pdf'", 'reads pages of all that match'],
  [
    `ocr -f ndjson book.pdf | jq -r 'select(.type == "page").page.number'`,
    'tells each page as soon as it is read',
  ],
] as const

/** Everything that `--help` shows. */
export function helpText(): string {
  return [
    'Usage: ocr [OPTION]... [FILE]...',
    '',
    ...wrap(
      'Reads the text in images and PDFs. A FILE is a file, a folder, or a pattern in quotes; without one, or for "-", the standard input is read.',
    ),
    ...Object.entries(groups).flatMap(([title, flags]) => [
      ...['', `${title}:`],
      ...Object.entries(flags).flatMap(flagLines),
    ]),
    ...['', 'Formats:'],
    ...Object.entries(answerFormats).flatMap(([name, { meaning }]) => entry(name, meaning)),
    ...['', 'Environment:'],
    ...entry('OCR_URL', 'URL of the gateway'),
    ...entry('OCR_KEY', 'Key for the gateway, if it asks for one; sent as a bearer token'),
    ...['', 'Examples:'],
    ...examples.flatMap(([command, meaning]) => [`  ${command}`, `      ${meaning}`]),
    ...['', 'Exit codes:'],
    ...Object.values(exitCodes).flatMap(({ code, meaning }) => entry(String(code), meaning)),
    '',
  ].join('\n')
}

function flagLines([name, { short, value, help }]: [string, Flag]): string[] {
  const names = `${short ? `-${short}, ` : '    '}--${name}${value ? ` ${value}` : ''}`
  return entry(names, help)
}

/** A term and what it means beside it, or below it when it is long. */
function entry(term: string, meaning: string): string[] {
  const [first = '', ...rest] = wrap(meaning, width - column)
  const head = `  ${term}`
  const indented = rest.map((line) => ' '.repeat(column) + line)
  return head.length < column - 1
    ? [head.padEnd(column) + first, ...indented]
    : [head, ' '.repeat(column) + first, ...indented]
}

function wrap(text: string, columns = width): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > columns) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}
