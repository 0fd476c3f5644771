import { invalid, OcrError } from '../contract/errors.ts'
import type { EngineInfo } from '../contract/ocr.ts'
import type { OcrRequest } from '../contract/ocr-tensors.ts'
import { type OcrOptions, optionDefaults } from '../contract/options.ts'
import type { EngineOptions } from './engine/engine.ts'
import { learnsFromPages } from './engine/language-data.ts'
import type { Installation } from './engine/tessdata.ts'

export interface AdmitRules {
  readonly maxImageBytes: number
  readonly defaultLang: string
  readonly installation: Installation
  readonly engine: 'warm' | 'oneshot'
}

/** A request whose options are complete and can be met. */
export interface Admitted {
  readonly engine: EngineOptions
  readonly profile: 'fast' | 'best'
  readonly rotate: 'none' | 'auto'
  readonly dpi: number | undefined
  readonly pages: string | undefined
  readonly keepsSpaces: boolean
  readonly withPictures: boolean
  readonly info: EngineInfo
}

/**
 * Refuses what no engine has to see, and completes the options.
 * @throws OcrError `invalid_request`, `payload_too_large` or `unknown_language`
 */
export function admit({ image, options }: OcrRequest, rules: AdmitRules): Admitted {
  if (image.length === 0) invalid('The image file is empty.')
  if (image.length > rules.maxImageBytes) {
    const message = `The image has ${image.length} bytes, more than the ${rules.maxImageBytes} allowed.`
    throw new OcrError('payload_too_large', message)
  }
  const { psm = optionDefaults.psm, oem = optionDefaults.oem } = options
  const { profile = optionDefaults.profile } = options
  const lang = options.lang ?? rules.defaultLang
  const { installation } = rules
  const data = requireData(lang, oem, installation)
  const rotate = options.rotate ?? optionDefaults.rotate
  if (rotate === 'auto' && !installation.hasOsd) {
    invalid('This model cannot tell how a page is turned: its osd data are not installed.')
  }
  const { allowlist, denylist } = options
  if (rules.engine === 'oneshot' && (allowlist || denylist)) {
    invalid('The oneshot engine takes neither an allowlist nor a denylist.')
  }
  const learns = learnsFromPages(oem, data)
  return {
    engine: { lang, tessdata: installation.directory, psm, oem, allowlist, denylist, learns },
    profile,
    rotate,
    dpi: options.dpi,
    pages: options.pages,
    keepsSpaces: options.preserve_interword_spaces ?? false,
    withPictures: options.pictures ?? false,
    info: {
      name: 'tesseract',
      version: installation.version,
      lang,
      psm,
      oem,
      profile,
      data: Object.fromEntries(data.map(([name, { version }]) => [name, version])),
    },
  }
}

/** The data of each language, which must be installed and have the engine that is asked for. */
function requireData(
  lang: string,
  oem: NonNullable<OcrOptions['oem']>,
  { languages }: Installation,
) {
  const names = lang.split('+')
  const missing = names.filter((name) => !languages.has(name))
  if (missing.length > 0) {
    const installed = [...languages.keys()].join(', ')
    const message = `Language ${missing.join(', ')} is not installed. Installed: ${installed}.`
    throw new OcrError('unknown_language', message)
  }
  const data = [...languages].filter(([name]) => names.includes(name))
  const newer = data.filter(([, { hasLegacy }]) => !hasLegacy).map(([name]) => name)
  if ((oem === 0 || oem === 2) && newer.length > 0) {
    const message = `The data of ${newer.join(', ')} has no legacy engine, which oem ${oem} needs. Use oem 1 or 3.`
    invalid(message)
  }
  return data
}
