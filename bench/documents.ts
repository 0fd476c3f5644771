import sharp, { type Sharp } from 'sharp'
import { allottedCpus } from '../functions/platform/cpus.ts'
import { pdfOf, tiffOf } from '../tests/documents/containers.ts'
import { densePage } from '../tests/documents/corpus.ts'
import { inferJson } from '../tests/services/requests.ts'
import { type Model, startModel } from '../tests/services/start.ts'
import { median, watchMemory } from './measure.ts'

// How long a document of ten pages takes, against its pages one by one as documents of their own.

const pageCount = 10
const rounds = 3
const outputs = ['text', 'document'].map((name) => ({ name }))

async function secondsFor(model: Model, documents: readonly Buffer[]): Promise<number> {
  const start = performance.now()
  for (const document of documents) await inferJson(model, document, { outputs })
  return (performance.now() - start) / 1000
}

async function benchmark(model: Model, encode: (pages: readonly Sharp[]) => Promise<Buffer>) {
  const lines = Array.from({ length: pageCount }, (_, index) => 30 + index)
  const pages = await Promise.all(lines.map(async (count) => sharp(await densePage(count))))
  const alone = await Promise.all(pages.map((page) => encode([page])))
  const together = [await encode(pages)]
  // Both are measured in turn, so that a change of the machine's speed meets both.
  const sums: number[] = []
  const wholes: number[] = []
  const memory = watchMemory()
  for (let round = 0; round < rounds; round++) {
    sums.push(await secondsFor(model, alone))
    wholes.push(await secondsFor(model, together))
  }
  return { sum: median(sums), whole: median(wholes), peakMiB: memory.stop() }
}

// The TIFF is not compressed.
const room = String(64 * 2 ** 20)
const model = await startModel({
  OCR_MAX_IMAGE_BYTES: room,
  OCR_MAX_BODY_BYTES: room,
  OCR_UPLOAD_MEMORY_BYTES: String(2 ** 30),
})
await secondsFor(model, [await densePage()])
console.log(`${allottedCpus()} CPUs; ${pageCount} pages of A4, medians of ${rounds} rounds\n`)
console.log('| document | pages alone, sum (s) | document (s) | ratio | peak memory (MiB) |')
console.log('|---|---|---|---|---|')
for (const [name, encode] of Object.entries({ TIFF: tiffOf, PDF: pdfOf })) {
  const { sum, whole, peakMiB } = await benchmark(model, (pages) => encode(pages))
  const cells = [sum.toFixed(2), whole.toFixed(2), (whole / sum).toFixed(2), peakMiB.toFixed(0)]
  console.log(`| ${[name, ...cells].join(' | ')} |`)
}
await model.stop()
