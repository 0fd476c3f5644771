import { OcrError } from '../contract/errors.ts'
import type { OcrRequest } from '../contract/ocr-tensors.ts'
import type { EngineOptions } from './engine/engine.ts'

/** Fully automatic page segmentation, tesseract's own default. */
const defaultPsm = 3

export interface AdmitRules {
  readonly maxImageBytes: number
  readonly defaultLang: string
  readonly languages: readonly string[]
}

/**
 * Refuses what no engine has to see, and completes the options.
 * @throws OcrError `invalid_request`, `payload_too_large` or `unknown_language`
 */
export function admit({ image, options }: OcrRequest, rules: AdmitRules): EngineOptions {
  if (image.length === 0) throw new OcrError('invalid_request', 'The image file is empty.')
  if (image.length > rules.maxImageBytes) {
    const message = `The image has ${image.length} bytes, more than the ${rules.maxImageBytes} allowed.`
    throw new OcrError('payload_too_large', message)
  }
  const lang = options.lang ?? rules.defaultLang
  const missing = lang.split('+').filter((name) => !rules.languages.includes(name))
  if (missing.length > 0) {
    const message = `Language ${missing.join(', ')} is not installed. Installed: ${rules.languages.join(', ')}.`
    throw new OcrError('unknown_language', message)
  }
  return { lang, psm: options.psm ?? defaultPsm }
}
