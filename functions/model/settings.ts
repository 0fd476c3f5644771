import { allottedCpus } from '../platform/cpus.ts'
import { receivingSettings } from '../platform/receiving.ts'
import { integer, oneOf, serverSettings, text, type Values } from '../platform/settings.ts'
import { telemetrySettings } from '../platform/telemetry/settings.ts'
import type { EngineLimits } from './engine/limits.ts'

const MiB = 2 ** 20

/** Every setting of the model service. */
export const modelSettings = {
  ...serverSettings,
  // Two of the largest documents in four ranges each, as the gateway sends them.
  ...receivingSettings({
    uploadMemoryMiB: 192,
    alsoHeld: ', and of pictures that are kept for answers',
  }),
  modelName: text({
    name: 'INFERENCE_SERVICE_NAME',
    help: 'Name of the model in its paths; KServe sets it',
    fallback: 'ocr-model',
    pattern: /^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/,
    range: 'a DNS label such as ocr-model',
  }),
  engine: oneOf({
    name: 'OCR_ENGINE',
    help: '`warm` keeps processes with the language data loaded; `oneshot` starts one per page',
    fallback: 'warm',
    values: ['warm', 'oneshot'],
  }),
  engineProcesses: integer({
    name: 'OCR_ENGINE_PROCESSES',
    help: 'Pages recognized at once, each by one engine process; 0 takes one per allotted CPU',
    fallback: 0,
    min: 0,
    max: 256,
  }),
  enginePages: integer({
    name: 'OCR_ENGINE_PAGES',
    help: 'Pages after which a warm process is replaced',
    fallback: 500,
    min: 1,
    max: 1_000_000,
  }),
  engineMemoryBytes: integer({
    name: 'OCR_ENGINE_MEMORY_BYTES',
    help: 'Address space of an engine process; a page that takes more fails',
    fallback: 1024 * MiB,
    min: 128 * MiB,
    max: 64 * 1024 * MiB,
  }),
  engineResidentBytes: integer({
    name: 'OCR_ENGINE_RESIDENT_BYTES',
    help: 'Memory that a warm process may keep after a page; one with more is replaced',
    fallback: 256 * MiB,
    min: MiB,
    max: 64 * 1024 * MiB,
  }),
  engineOutputBytes: integer({
    name: 'OCR_ENGINE_OUTPUT_BYTES',
    help: 'hOCR of a page, some 150 bytes a word; a page with more is answered with `output_too_large`',
    fallback: 16 * MiB,
    min: 64 * 1024,
    max: 256 * MiB,
  }),
  quarantineMs: integer({
    name: 'OCR_QUARANTINE_MS',
    help: 'Time for which a page that has killed two engines is refused without trying; 0 tries it each time',
    fallback: 600_000,
    min: 0,
    max: 86_400_000,
  }),
  tesseract: text({
    name: 'OCR_TESSERACT',
    help: 'The tesseract program',
    fallback: 'tesseract',
    pattern: /^[\w./-]+$/,
    range: 'a program name or path without spaces',
  }),
  lang: text({
    name: 'OCR_LANG',
    help: 'Language when a request names none',
    fallback: 'eng',
    pattern: /^[\w/+]{2,128}$/,
    range: 'installed languages joined by +',
  }),
  tessdata: text({
    name: 'OCR_TESSDATA',
    help: 'Directory with more language data (`*.traineddata`); it wins over what is installed',
    fallback: '',
    pattern: /^\/[\w./-]*$/,
    range: 'an absolute path without spaces',
  }),
  queueLimit: integer({
    name: 'OCR_QUEUE_LIMIT',
    help: 'Requests that may wait for an engine; one more is answered with 429',
    fallback: 16,
    min: 0,
    max: 10_000,
  }),
  maxBatch: integer({
    name: 'OCR_MAX_BATCH',
    help: 'Most images in one request',
    fallback: 32,
    min: 1,
    max: 1024,
  }),
  pageTimeoutMs: integer({
    name: 'OCR_PAGE_TIMEOUT_MS',
    help: 'Time for decoding and recognizing one page',
    fallback: 30_000,
    min: 100,
    max: 600_000,
  }),
  requestTimeoutMs: integer({
    name: 'OCR_REQUEST_TIMEOUT_MS',
    help: 'Time for one request in the model, waiting included',
    fallback: 120_000,
    min: 100,
    max: 600_000,
  }),
  maxBodyBytes: integer({
    name: 'OCR_MAX_BODY_BYTES',
    help: 'Largest request body, decompressed, or gRPC message; base64 makes a third more of an image',
    fallback: 28 * MiB,
    min: 1024,
    max: 1024 * MiB,
  }),
  maxImageBytes: integer({
    name: 'OCR_MAX_IMAGE_BYTES',
    help: 'Largest encoded image',
    fallback: 20 * MiB,
    min: 1024,
    max: 1024 * MiB,
  }),
  maxPixels: integer({
    name: 'OCR_MAX_PIXELS',
    help: 'Most pixels of an image that is decoded at all',
    fallback: 50_000_000,
    min: 1,
    max: 268_402_689,
  }),
  maxSide: integer({
    name: 'OCR_MAX_SIDE',
    help: 'Most pixels of a side of an image that is decoded at all',
    fallback: 65_535,
    min: 1,
    max: 10_000_000,
  }),
  maxDecodeBytes: integer({
    name: 'OCR_MAX_DECODE_BYTES',
    help: 'Memory for decoding an image that its decoder has to hold as a whole: WebP, GIF, TIFF, progressive JPEG, interlaced PNG',
    fallback: 192 * MiB,
    min: MiB,
    max: 16 * 1024 * MiB,
  }),
  enginePixels: integer({
    name: 'OCR_ENGINE_PIXELS',
    help: 'Most pixels that the engine sees; a larger image is scaled down',
    fallback: 25_000_000,
    min: 1,
    max: 268_402_689,
  }),
  maxPages: integer({
    name: 'OCR_MAX_PAGES',
    help: 'Most pages of a document in one request',
    fallback: 100,
    min: 1,
    max: 10_000,
  }),
  maxPdfBytes: integer({
    name: 'OCR_MAX_PDF_BYTES',
    help: 'Largest pictures of pages, together, of a request: in a searchable PDF, or by the option `pictures`',
    fallback: 48 * MiB,
    min: 1024,
    max: 1024 * MiB,
  }),
  pdfDpi: integer({
    name: 'OCR_PDF_DPI',
    help: 'Pixels per inch at which pages of a PDF are drawn; fewer if they were more than the engine sees',
    fallback: 300,
    min: 70,
    max: 1200,
  }),
  pdfMemoryBytes: integer({
    name: 'OCR_PDF_MEMORY_BYTES',
    help: 'Address space of the program that draws a page of a PDF',
    fallback: 512 * MiB,
    min: 64 * MiB,
    max: 16 * 1024 * MiB,
  }),
  workDir: text({
    name: 'OCR_WORK_DIR',
    help: 'Directory on a memory file system (tmpfs) for the pages under way',
    fallback: '/dev/shm',
    pattern: /^\/[\w./-]*$/,
    range: 'an absolute path without spaces',
  }),
  ...telemetrySettings({ serviceName: 'ocr-model' }),
}

export type ModelSettings = Values<typeof modelSettings>

/** What the largest body takes that comes compressed, until it has been decompressed. */
const copies = 2

/** @throws Error when two settings do not go together */
export function checkSettings({ uploadMemoryBytes, maxBodyBytes }: ModelSettings): void {
  if (uploadMemoryBytes >= copies * maxBodyBytes) return
  const { uploadMemoryBytes: memory, maxBodyBytes: body } = modelSettings
  const least = `at least ${copies} times ${body.name}, which is ${maxBodyBytes}`
  throw new Error(`${memory.name} is ${uploadMemoryBytes}, but must be ${least}`)
}

/** Pages recognized at once. */
export const slotCount = (settings: ModelSettings): number =>
  settings.engineProcesses || allottedCpus()

/** What a warm process may take. */
export const engineLimits = (settings: ModelSettings): EngineLimits => ({
  maxPages: settings.enginePages,
  residentBytes: settings.engineResidentBytes,
  memoryBytes: settings.engineMemoryBytes,
  pageSeconds: Math.ceil(settings.pageTimeoutMs / 1000),
  // Two tries have room in the time of a page, unless that is very short.
  loadMs: Math.max(5_000, settings.pageTimeoutMs / 3),
  outputBytes: settings.engineOutputBytes,
})
