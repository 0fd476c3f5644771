import { z } from 'zod'
import { OcrError } from './errors.ts'

const engineMetadataSchema = z.object({
  name: z.string(),
  version: z.string(),
  /** Languages, joined by "+", when a request names none. */
  default_lang: z.string(),
  /** Version of the data of each language that can be read, as the data itself has it. */
  languages: z.record(z.string(), z.string()),
})

/** What we look at in the metadata of a model; the protocol's own fields are no concern of ours. */
const modelMetadataSchema = z.object({ engine: engineMetadataSchema })

export type EngineMetadata = z.infer<typeof engineMetadataSchema>
export type ModelMetadata = z.infer<typeof modelMetadataSchema>

/**
 * Reads the answer to `GET /v2/models/{m}`.
 * @param value the JSON as it was parsed; unknown fields are dropped
 * @throws OcrError `bad_upstream`
 */
export function parseModelMetadata(value: unknown): ModelMetadata {
  const { data, error } = modelMetadataSchema.safeParse(value)
  if (data) return data
  const message = 'The model answered without readable metadata.'
  throw new OcrError('bad_upstream', message, { cause: error })
}
