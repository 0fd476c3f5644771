import type { requestTexts } from '../../functions/contract/answer-request.ts'
import { pick } from './random.ts'

/** What a value names that must never be read, made, started or called. */
export interface Bait {
  /** A file that is there. */
  readonly file: string
  /** A folder with `eng.traineddata` and `config`, in which files may be made. */
  readonly folder: string
  /** Of a server that listens, such as `http://127.0.0.1:80`. */
  readonly origin: string
}

type OptionName = keyof typeof requestTexts

/** Values of every option that are fine, to be spoilt. */
export const fineValues: Readonly<Record<OptionName, readonly unknown[]>> = {
  lang: ['eng', 'deu', 'eng+deu', 'deu eng'],
  profile: ['fast', 'best'],
  psm: [1, 3, '6', '7', 11, '13'],
  oem: [1, '3'],
  dpi: [70, '300', 1200],
  pages: ['1', '1-', '1-3,2', 1],
  rotate: ['none', 'auto'],
  preserve_interword_spaces: [true, 'false', '1'],
  pictures: [false, 'true', '0'],
  allowlist: ['0123456789', '-c', '=', ' €ß"\'$(){};日本😀'],
  denylist: ['|', '--psm', 'x'.repeat(254)],
  format: ['json', 'text', 'hocr', 'tsv', 'alto'],
  detail: ['text', 'words'],
  notify: ['false', false],
  async: ['false', '0'],
}

type Random = () => number
type Source = (random: Random, bait: Bait) => unknown

const below = (random: Random, limit: number): number => Math.floor(random() * limit)

const many = <T>(random: Random, most: number, make: () => T): T[] =>
  Array.from({ length: 1 + below(random, most) }, make)

const words = ['eng', 'osd', 'auto', 'true', 'none', 'stdin', 'stdout', 'NaN', 'null', 'x', '']
const numbers = [0, -0, -1, 2, 14, 3.5, 1e9, 1e21, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, 5e-324]
const flags = [
  '--tessdata-dir',
  '--user-words',
  '--user-patterns',
  '--psm',
  '--oem',
  '-l',
  '-c',
  '--list-langs',
  '--print-parameters',
  '--version',
  '--',
  '-',
]
const variables = [
  'debug_file',
  'tessedit_write_images',
  'tessedit_write_params_to_file',
  'user_words_file',
  'stream_filelist',
  'classify_config_file',
]
const breaks = ['\n', '\r\n', '\0', '\t', ' ', '\u2028', '\u0085', ';', '&&', '|', "'", '"', '\\']

const name = (random: Random): string => `made-${below(random, 1e6)}`

const path: Source = (random, { file, folder }) =>
  pick(random, [
    file,
    `${folder}/config`,
    `${folder}/${name(random)}`,
    `../../../../../../..${file}`,
    `..%2f..%2f..%2f..${file.replaceAll('/', '%2f')}`,
    `eng/../../../../../..${folder}/eng`,
    `/proc/self/root${file}`,
    `~/${name(random)}`,
    `@${file}`,
    name(random),
  ])

const url: Source = (random, { file, origin }) =>
  pick(random, [
    `${origin}/${name(random)}`,
    `${origin.replace('http:', 'ftp:')}/a.png`,
    `${origin.replace('http:', '')}/a.png`,
    `http://user:password@${origin.slice('http://'.length)}/`,
    `file://${file}`,
    `data:text/plain,${file}`,
  ])

const assignment: Source = (random, bait) =>
  `${pick(random, ['', '-c ', ' -c '])}${pick(random, variables)}=${pick(random, [path, () => '1'])(random, bait)}`

const flag: Source = (random, bait) =>
  `${pick(random, flags)}${pick(random, ['', ' ', '='])}${pick(random, [path, () => '1', () => 'eng'])(random, bait)}`

/** Would take a second, so that it is seen. */
const command: Source = (random, { file, folder, origin }) => {
  const effect = pick(random, [`touch ${folder}/${name(random)}`, `cat ${file}`, `curl ${origin}`])
  const line = `sleep 1; ${effect}`
  return pick(random, [
    `$(${line})`,
    `\`${line}\``,
    `; ${line} #`,
    `| sh -c '${line}'`,
    `"; ${line}; "`,
    `'; ${line}; '`,
    `\n${line}\n`,
    `&& ${line} &`,
    `<(${line})`,
    `> ${folder}/${name(random)}`,
    `\${IFS}$(IFS=,;x=${line.replaceAll(' ', ',')};$x)`,
  ])
}

const anyCharacters: Source = (random) =>
  String.fromCharCode(...many(random, 40, () => below(random, 0x10000)))

const controls: Source = (random) =>
  many(random, 12, () =>
    pick(random, [String.fromCharCode(below(random, 32)), '\x7f', '\u202e', '\ufeff', 'a']),
  ).join('')

const long: Source = (random) =>
  pick(random, ['a', 'eng+', '日', '../', '1,', ' ']).repeat(pick(random, [90, 300, 10_000]))

const wrongType: Source = (random, bait) =>
  pick<unknown>(random, [
    null,
    true,
    [],
    {},
    ['eng'],
    [[[]]],
    { value: path(random, bait) },
    { toString: 'eng', length: 3 },
    pick(random, numbers),
  ])

/** As JSON gives it: with a property of that name of its own. */
const prototype: Source = (random, bait) =>
  JSON.parse(
    `{"${pick(random, ['__proto__', 'constructor', 'prototype'])}":${JSON.stringify({
      lang: path(random, bait),
      length: 1,
      [pick(random, ['toString', 'valueOf'])]: 'eng',
    })}}`,
  )

const sources: readonly Source[] = [
  (random) => pick(random, words),
  (random) => pick<unknown>(random, [pick(random, numbers), String(pick(random, numbers))]),
  (random) => random() * 10 ** below(random, 6),
  anyCharacters,
  controls,
  path,
  url,
  flag,
  assignment,
  command,
  wrongType,
  prototype,
]

/** One of many is long, so that a run of thousands is not a test of copying. */
const shareOfLong = 0.03

/**
 * Something that a client may send for an option in the hope that it is taken for more than a value: fine, spoilt by
 * something else, or hostile altogether. JSON can hold it.
 */
export function hostileValue(random: Random, option: OptionName, bait: Bait): unknown {
  if (random() < shareOfLong) return long(random, bait)
  const source = pick(random, sources)
  const fine = pick(random, fineValues[option])
  const chance = random()
  if (chance < 0.05) return fine
  if (chance < 0.6) return source(random, bait)
  return [fine, source(random, bait)].map(asText).join(pick(random, ['', ...breaks, '+', ',']))
}

/** A value where there are only texts, as in a query. */
export const asText = (value: unknown): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value)
