import type { Languages } from '../contract/answers.ts'
import { languageTag } from '../contract/formats/language.ts'
import type { EngineInfo } from '../contract/ocr.ts'
import type { Call } from './upstream/call.ts'
import type { InferenceClient } from './upstream/inference-client.ts'

/** What the model says of itself. */
export interface ModelFacts {
  /** @throws OcrError when the model cannot be asked */
  languages(call: Call): Promise<Languages>
  /**
   * The engine and the data that would read a document.
   * @throws OcrError when the model cannot be asked
   */
  engineFor(lang: string | undefined, call: Call): Promise<Pick<EngineInfo, 'version' | 'data'>>
}

export function createModelFacts({ metadata }: Pick<InferenceClient, 'metadata'>): ModelFacts {
  return {
    async languages(call) {
      const { name, version, default_lang, languages } = (await metadata(call)).engine
      return {
        default: default_lang,
        engine: { name, version },
        languages: Object.entries(languages).map(([code, data]) => ({
          code,
          ...named(code),
          data,
        })),
      }
    },
    async engineFor(lang, call) {
      const { version, default_lang, languages } = (await metadata(call)).engine
      const names = new Set((lang ?? default_lang).split('+'))
      const data = Object.entries(languages).filter(([code]) => names.has(code))
      return { version, data: Object.fromEntries(data) }
    },
  }
}

const languageNames = new Intl.DisplayNames('en', { type: 'language' })

function named(code: string): { name?: string } {
  const tag = languageTag(code)
  const name = tag && languageNames.of(tag)
  return name ? { name } : {}
}
