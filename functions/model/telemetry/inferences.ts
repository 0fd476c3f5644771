import { totalTimings } from '../../contract/ocr.ts'
import type { OcrResult } from '../../contract/ocr-tensors.ts'
import type { ModelInstruments } from '../metrics.ts'
import type { BeginInference, Predictor } from '../predictor.ts'

type PhaseInstruments = Pick<ModelInstruments, 'preprocess' | 'predict' | 'postprocess'>

/** Has each inference request seen: the time of its phases in the metrics, and what it was about in the log. */
export function createInferences(
  predictor: Predictor,
  instruments: PhaseInstruments,
): BeginInference {
  const { modelName } = predictor
  return (tell) => {
    let last = performance.now()
    const over = (phase: keyof PhaseInstruments) => {
      const now = performance.now()
      instruments[phase].record((now - last) / 1_000, { model_name: modelName })
      last = now
    }
    /** Long work that fails took its time, too. */
    const work = async <T>(images: number, results: () => Promise<T>): Promise<T> => {
      over('preprocess')
      tell({ images })
      try {
        return await results()
      } finally {
        over('predict')
      }
    }
    return {
      modelName,
      async predict(batch, signal) {
        const results = await work(batch.images.length, () => predictor.predict(batch, signal))
        tell(factsOf(results))
        return results
      },
      async countPages(batch, signal) {
        const counts = await work(batch.images.length, () => predictor.countPages(batch, signal))
        tell({ images: counts.length, countedPages: sum(counts) })
        return counts
      },
      answered: () => over('postprocess'),
    }
  }
}

const factsOf = (results: readonly OcrResult[]) => ({
  images: results.length,
  pages: sum(results.map(({ document }) => document.pages.length)),
  words: sum(results.map(({ document }) => document.quality.words)),
  ...totalTimings(results.map(({ timings }) => timings)),
})

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
