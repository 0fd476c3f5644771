import { writeFile } from 'node:fs/promises'
import { OcrError } from '../../contract/errors.ts'
import { type DecodedImage, fromPixels } from '../image/decode.ts'
import { ProgramFailed, type ProgramLimits, type ProgramOutput, runProgram } from '../program.ts'
import { noRoom, type Workspace } from '../workspace.ts'
import type { DocumentLimits, SourceDocument } from './source.ts'

const pointsPerInch = 72
const maxInfoBytes = 64 * 1024
const rgb = 3

/**
 * Opens a PDF by poppler's programs, which run with limits and one page at a time. PDF is too large a
 * format to be read inside of this process.
 * @throws OcrError `undecodable_image` or `encrypted_document`
 */
export async function openPdf(
  bytes: Uint8Array,
  workspace: Workspace,
  limits: DocumentLimits,
  signal: AbortSignal,
): Promise<SourceDocument> {
  const file = workspace.file('.pdf')
  try {
    await writeFile(file.path, bytes, { signal })
    const info = await poppler('pdfinfo', [file.path], maxInfoBytes, limits, signal)
    const pageCount = Number(/^Pages:\s+(\d+)$/m.exec(info.stdout.toString())?.[1] ?? 0)
    if (pageCount === 0) throw damaged('The PDF has no pages.')
    return {
      pageCount,
      readPage: (number, pageSignal) => drawPage(file.path, number, limits, pageSignal),
      [Symbol.dispose]: file[Symbol.dispose],
    }
  } catch (error) {
    file[Symbol.dispose]()
    throw noRoom(error) ?? error
  }
}

/** One page as pixels, at as many of them per inch as is asked for and the engine can take. */
async function drawPage(
  path: string,
  number: number,
  limits: DocumentLimits,
  signal: AbortSignal,
): Promise<DecodedImage> {
  const page = ['-f', String(number), '-l', String(number)]
  const info = await poppler('pdfinfo', [...page, path], maxInfoBytes, limits, signal)
  const size = /^Page +\d+ size: +([\d.]+) x ([\d.]+) pts/m.exec(info.stdout.toString())
  if (!size) throw damaged(`Page ${number} of the PDF is damaged.`)
  const [width = 0, height = 0] = size.slice(1).map((points) => Number(points) / pointsPerInch)
  const dpi = Math.min(limits.pdfDpi, highestDpi(width, height, limits))
  const flags = ['-cropbox', '-r', dpi.toFixed(3), ...page]
  const output = limits.enginePixels * rgb + 1024
  const { stdout, complaints } = await poppler('pdftoppm', [...flags, path], output, limits, signal)
  // Then it leaves out what does not fit, or draws one pixel, and ends well.
  if (/out of memory/i.test(complaints)) {
    const message = `Drawing page ${number} of the PDF takes too much memory.`
    throw new OcrError('image_too_large', message, { cause: new Error(complaints) })
  }
  const image = fromPixels({ ...readPixmap(stdout, number), density: dpi }, limits)
  // It draws what it can. A page on which that is nothing has not been read.
  if (/error/i.test(complaints) && (await isBlank(image))) {
    throw damaged(`Page ${number} of the PDF is damaged.`, new Error(complaints))
  }
  return image
}

/** tesseract cannot read an image with a longer side (INT16_MAX). */
const maxSide = 32_000

const highestDpi = (width: number, height: number, { enginePixels }: DocumentLimits): number =>
  Math.min(Math.sqrt(enginePixels / (width * height)), maxSide / Math.max(width, height))

async function poppler(
  program: 'pdfinfo' | 'pdftoppm',
  args: readonly string[],
  outputBytes: number,
  limits: DocumentLimits,
  signal: AbortSignal,
): Promise<ProgramOutput> {
  const programLimits: ProgramLimits = {
    outputBytes,
    memoryBytes: limits.pdfMemoryBytes,
    cpuSeconds: Math.ceil(limits.pageTimeoutMs / 1000),
  }
  try {
    return await runProgram(program, args, programLimits, signal)
  } catch (cause) {
    if (!(cause instanceof ProgramFailed)) throw cause
    if (/incorrect password/i.test(cause.complaints)) {
      const message = 'The PDF is encrypted; send it without a password.'
      throw new OcrError('encrypted_document', message, { cause })
    }
    throw damaged('The PDF is damaged, or drawing it takes too much.', cause)
  }
}

/** Takes a binary PPM apart (netpbm, "ppm"): a head of four words, then three bytes for each pixel. */
function readPixmap(pixmap: Buffer, number: number) {
  const head = /^P6\s(\d+)\s(\d+)\s255\s/.exec(pixmap.toString('latin1', 0, 64))
  const [width = 0, height = 0] = head?.slice(1).map(Number) ?? []
  const pixels = pixmap.subarray(head?.[0].length)
  if (width * height === 0 || pixels.length !== width * height * rgb) {
    throw damaged(`Page ${number} of the PDF could not be drawn.`)
  }
  return { pixels, width, height }
}

async function isBlank({ pixels }: DecodedImage): Promise<boolean> {
  const { channels } = await pixels.clone().stats()
  return channels.every(({ min, max }) => min === max)
}

const damaged = (message: string, cause?: unknown): OcrError =>
  new OcrError('undecodable_image', message, { cause })
