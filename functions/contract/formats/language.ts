/** Names of tesseract's data whose language tag does not follow from them. */
const exceptions: ReadonlyMap<string, string> = new Map([
  ['chi_sim', 'zh-Hans'],
  ['chi_sim_vert', 'zh-Hans'],
  ['chi_tra', 'zh-Hant'],
  ['chi_tra_vert', 'zh-Hant'],
  ['frk', 'de-Latf'],
])

/** An ISO 639-2 or 639-3 code, and perhaps a script (`srp_latn`) or the direction of lines. */
const dataName = /^(?<language>[a-z]{3})(?:_(?<script>[a-z]{4}))?$/

const languageNames = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' })

/**
 * The language of a document as a BCP 47 tag, "en" for `eng`; undefined where the data says nothing
 * certain: several languages, a script, or data of the operator's own.
 * @param lang option of tesseract, such as `eng` or `eng+deu`
 */
export function languageTag(lang: string): string | undefined {
  const exception = exceptions.get(lang)
  if (exception) return exception
  const { language, script } = dataName.exec(lang)?.groups ?? {}
  if (!language) return undefined
  const suffix = script && script !== 'vert' ? `-${script}` : ''
  const [tag = ''] = Intl.getCanonicalLocales(language + suffix)
  return languageNames.of(tag) ? tag : undefined
}
