import type { OcrPipeline } from './ocr-pipeline.ts'
import { createShare } from './share.ts'

/** A 1-bit PNG with the word "ready". */
const image = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAJsAAABQAQMAAAA0gJW4AAAABlBMVEX///8AAABVwtN+AAAACXBIWXMAAC4jAAAuIwF4pT92AAAA7ElEQVQ4y+3UMW7DMAwF0E9o4FZfoIgvEtTX8hDALDpkzJGqThl7BW0dy60ZBLO0m8hu68GrgfxFwBuED1IQcM+2optDPsUuoVPwRRX7K75Gu5Bl1FnbgvZmmaxH0zu2V9SQnkh2OLDuCyZ2QYU2zDBWLmAo6eOtAMuEuznycAxI6YYPjrU9J2g1YW2GbgHJRuQQ56g84ktBbxniDx7lP4azTJUQZKz0F6sB6R0FpeBnQY5+Zy0+EPQFQ+KQGvHRzZCG8l/iQ0YuCOvJPsTXgcOETUZ3Fl9cwV9pV+Pqh0NLGNICNnE13r+NjeQb1CuPJtolr4kAAAAASUVORK5CYII=',
  'base64',
)

/**
 * Recognizes a built-in image once in every slot, so that the whole way from decoder to parser has
 * worked and every warm process has the default language loaded.
 * @throws Error when a slot reads no text
 */
export async function selfTest(
  pipeline: Pick<OcrPipeline, 'recognize'>,
  slots: number,
): Promise<void> {
  const { signal } = new AbortController()
  const share = createShare({ size: slots, maxPdfBytes: 0 })
  const results = await Promise.all(
    Array.from({ length: slots }, () => pipeline.recognize({ image, options: {} }, signal, share)),
  )
  if (results.some(({ document }) => document.text === '')) {
    throw new Error('The engine read no text in the self-test image.')
  }
}
