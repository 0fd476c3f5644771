import type { Languages } from '../../contract/answers.ts'

/** What is asked of a reading, as the dialog has it; an empty text leaves the matter to the gateway. */
export interface Options {
  /** Codes, the main language first; none for the gateway's own. */
  readonly languages: readonly string[]
  readonly profile: 'fast' | 'best'
  readonly isTurned: boolean
  readonly psm: string
  readonly pages: string
  readonly dpi: string
}

export const defaultOptions: Options = {
  languages: [],
  profile: 'fast',
  isTurned: false,
  psm: '',
  pages: '',
  dpi: '',
}

export const maxLanguages = 8

/** Page segmentation modes in plain words; the first is what the gateway takes by itself. */
export const layouts: ReadonlyArray<readonly [psm: string, name: string]> = [
  ['', 'Find out by itself'],
  ['1', 'Find out by itself, with script and direction'],
  ['4', 'One column, letters of several sizes'],
  ['6', 'One even block of text'],
  ['5', 'One block of vertical text'],
  ['11', 'Scattered words, in any order'],
  ['12', 'Scattered words, with script and direction'],
  ['7', 'A single line'],
  ['13', 'A single line, read as it is'],
  ['8', 'A single word'],
  ['9', 'A single word in a circle'],
  ['10', 'A single character'],
]

/** As the API names them, without those that are left to it. */
export function paramsOf(options: Options): Array<[name: string, value: string]> {
  const { languages, profile, isTurned, psm, pages, dpi } = options
  const all: Array<[string, string]> = [
    ['lang', languages.join('+')],
    ['profile', profile === defaultOptions.profile ? '' : profile],
    ['rotate', isTurned ? 'auto' : ''],
    ['psm', psm],
    ['pages', pages.replace(/\s+/g, '')],
    ['dpi', dpi.trim()],
  ]
  return all.filter(([, value]) => value !== '')
}

export const isSame = (a: Options, b: Options): boolean =>
  JSON.stringify(paramsOf(a)) === JSON.stringify(paramsOf(b))

/** A language by its name, or by its code where it has none. */
export function languageName(code: string, known: Languages | undefined): string {
  return known?.languages.find((language) => language.code === code)?.name ?? code
}

/** The codes of all languages, in the order of their names. */
export const languagesByName = (known: Languages): string[] =>
  known.languages
    .map(({ code }) => code)
    .sort((a, b) => languageName(a, known).localeCompare(languageName(b, known), 'en'))

/** The options in a line of words, such as "English and German · best · turned upright". */
export function summaryOf(options: Options, known: Languages | undefined): string {
  const codes = options.languages.length > 0 ? options.languages : (known?.default.split('+') ?? [])
  const names = codes.map((code) => languageName(code, known))
  const layout = layouts.find(([psm]) => psm !== '' && psm === options.psm)?.[1]
  return [
    names.length > 0 ? new Intl.ListFormat('en').format(names) : 'the usual language',
    options.profile,
    options.isTurned ? 'turned upright' : '',
    layout?.toLowerCase() ?? '',
    options.pages.trim() === '' ? '' : `pages ${options.pages.trim()}`,
    options.dpi.trim() === '' ? '' : `${options.dpi.trim()} dpi`,
  ]
    .filter(Boolean)
    .join(' · ')
}

/** The languages with one more or one less; beyond the limit nothing is added. */
export function toggled(languages: readonly string[], code: string): string[] {
  const others = languages.filter((language) => language !== code)
  if (others.length < languages.length || languages.length >= maxLanguages) return others
  return [...others, code]
}
