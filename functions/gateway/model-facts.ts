import type { Languages } from '../contract/answers.ts'
import { languageTag } from '../contract/formats/language.ts'
import type { ModelMetadata } from '../contract/model-metadata.ts'
import type { EngineInfo } from '../contract/ocr.ts'
import { createDeadline } from '../platform/deadline.ts'
import type { Origin } from './recognize.ts'
import type { InferenceClient } from './upstream/inference-client.ts'

/** What the model says of itself. */
export interface ModelFacts {
  /** @throws OcrError when the model cannot be asked */
  languages(origin: Origin): Promise<Languages>
  /**
   * The engine and the data that would read a document.
   * @throws OcrError when the model cannot be asked
   */
  engineFor(lang: string | undefined, origin: Origin): Promise<Pick<EngineInfo, 'version' | 'data'>>
}

export function createModelFacts(options: {
  inferenceClient: Pick<InferenceClient, 'metadata'>
  modelTimeoutMs: number
}): ModelFacts {
  const { inferenceClient, modelTimeoutMs } = options
  const ask = async ({ headers, signal }: Origin): Promise<ModelMetadata> => {
    using deadline = createDeadline('The model', modelTimeoutMs, signal)
    const deadlineAt = performance.now() + modelTimeoutMs
    return await inferenceClient.metadata({ headers, signal: deadline.signal, deadlineAt })
  }
  return {
    async languages(origin) {
      const { name, version, default_lang, languages } = (await ask(origin)).engine
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
    async engineFor(lang, origin) {
      const { version, default_lang, languages } = (await ask(origin)).engine
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
