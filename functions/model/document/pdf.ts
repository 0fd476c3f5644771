import { writeFile } from 'node:fs/promises'
import { OcrError } from '../../contract/errors.ts'
import { type DecodedImage, decode } from '../image/decode.ts'
import { ProgramFailed, type ProgramLimits, type ProgramOutput, runProgram } from '../program.ts'
import { noRoom, type Workspace } from '../workspace.ts'
import type { DocumentLimits, SourceDocument, SourcePage } from './source.ts'

const pointsPerInch = 72
const maxInfoBytes = 64 * 1024
const bytesPerPixel = 3
/** What was drawn within the limits may have a row more. */
const maxPixels = Number.POSITIVE_INFINITY

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
    const info = await poppler('pdfinfo', [file.path], limits, signal)
    const pageCount = Number(/^Pages:\s+(\d+)$/m.exec(info.stdout.toString())?.[1] ?? 0)
    if (pageCount === 0) throw damaged('The PDF has no pages.')
    return {
      pageCount,
      openPage: (number, pageSignal) => drawPage(file.path, number, workspace, limits, pageSignal),
      [Symbol.dispose]: file[Symbol.dispose],
    }
  } catch (error) {
    file[Symbol.dispose]()
    throw noRoom(error) ?? error
  }
}

/** A page as an image file, at as many pixels per inch as are asked for and the engine can take. */
async function drawPage(
  path: string,
  number: number,
  workspace: Workspace,
  limits: DocumentLimits,
  signal: AbortSignal,
): Promise<SourcePage> {
  const page = ['-f', String(number), '-l', String(number)]
  const info = await poppler('pdfinfo', [...page, path], limits, signal)
  const size = /^Page +\d+ size: +([\d.]+) x ([\d.]+) pts/m.exec(info.stdout.toString())
  if (!size) throw damaged(`Page ${number} of the PDF is damaged.`)
  const [width = 0, height = 0] = size.slice(1).map((points) => Number(points) / pointsPerInch)
  const dpi = Math.min(limits.pdfDpi, highestDpi(width, height, limits))
  const file = workspace.file('.tif')
  try {
    const format = ['-singlefile', '-tiff', '-tiffcompression', 'none', '-cropbox']
    const args = [...format, '-r', dpi.toFixed(3), ...page, path, file.path.replace(/\.tif$/, '')]
    const { complaints } = await poppler('pdftoppm', args, limits, signal)
    // Then it leaves out what does not fit, or draws one pixel, and ends well.
    if (/out of memory/i.test(complaints)) {
      const message = `Drawing page ${number} of the PDF takes too much memory.`
      throw new OcrError('image_too_large', message, { cause: new Error(complaints) })
    }
    const image = { ...(await decode(file.path, { ...limits, maxPixels })), density: dpi }
    // It draws what it can. A page on which that is nothing has not been read.
    if (/error/i.test(complaints) && (await isBlank(image))) {
      throw damaged(`Page ${number} of the PDF is damaged.`, new Error(complaints))
    }
    return { image, [Symbol.dispose]: file[Symbol.dispose] }
  } catch (error) {
    file[Symbol.dispose]()
    throw error
  }
}

/** tesseract cannot read an image with a longer side (INT16_MAX). */
const maxSide = 32_000

/** The most at which a page of so many inches is within the limits. */
function highestDpi(width: number, height: number, limits: DocumentLimits): number {
  const pixels = Math.min(limits.enginePixels, limits.maxPixels)
  return Math.min(Math.sqrt(pixels / (width * height)), maxSide / Math.max(width, height))
}

async function poppler(
  program: 'pdfinfo' | 'pdftoppm',
  args: readonly string[],
  limits: DocumentLimits,
  signal: AbortSignal,
): Promise<ProgramOutput> {
  const programLimits: ProgramLimits = {
    outputBytes: maxInfoBytes,
    fileBytes: limits.enginePixels * bytesPerPixel + maxInfoBytes,
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
    throw noRoom(cause) ?? damaged('The PDF is damaged, or drawing it takes too much.', cause)
  }
}

async function isBlank({ pixels }: DecodedImage): Promise<boolean> {
  const { channels } = await pixels.clone().stats()
  return channels.every(({ min, max }) => min === max)
}

const damaged = (message: string, cause?: unknown): OcrError =>
  new OcrError('undecodable_image', message, { cause })
