import { writeFile } from 'node:fs/promises'
import { OcrError } from '../../contract/errors.ts'
import { type DecodedImage, decode } from '../image/decode.ts'
import { largestFactor } from '../image/normalize.ts'
import { ProgramFailed, type ProgramLimits, type ProgramOutput, runProgram } from '../program.ts'
import { noRoom, noRoomFor, type Workspace } from '../workspace.ts'
import type { DocumentLimits, SourceDocument, SourcePage } from './document.ts'

const programs = ['pdfinfo', 'pdftoppm'] as const
const pointsPerInch = 72
const maxInfoBytes = 2 ** 20
const bytesPerPixel = 3
const headBytes = 64 * 1024
/** Sizes are rounded up to whole pixels. */
const almost = 0.999
/** It was drawn within the limits. */
const maxPixels = Number.POSITIVE_INFINITY

const limitsOfVersion: ProgramLimits = { outputBytes: 0, memoryBytes: 2 ** 30, cpuSeconds: 10 }

/** @throws Error when poppler's programs are not installed */
export async function requirePoppler(): Promise<void> {
  const { signal } = new AbortController()
  await Promise.all(programs.map((program) => runProgram(program, ['-v'], limitsOfVersion, signal)))
}

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
    const pageCount = Number(factOf(await inspect(file.path, [], limits, signal), 'Pages') ?? 0)
    if (!(pageCount > 0)) throw damaged('The PDF has no pages.')
    return {
      pageCount,
      openPage: (number, pageSignal) => drawPage(file.path, number, workspace, limits, pageSignal),
      [Symbol.dispose]: file[Symbol.dispose],
    }
  } catch (error) {
    file[Symbol.dispose]()
    // Writing does not pass on why it was aborted.
    signal.throwIfAborted()
    throw noRoom(error) ?? error
  }
}

/** What pdfinfo says. A title stands first, and may hold lines that look like what it says itself. */
async function inspect(
  path: string,
  flags: readonly string[],
  limits: DocumentLimits,
  signal: AbortSignal,
): Promise<string> {
  const { stdout } = await poppler('pdfinfo', [...flags, path], limits, signal)
  const facts = stdout.toString()
  return facts.slice(facts.lastIndexOf('\nPages:'))
}

const factOf = (facts: string, name: string): string | undefined =>
  new RegExp(`^${name}: +(.*)$`, 'm').exec(facts)?.[1]

/** A page as an image file, at as many pixels per inch as are asked for and the engine can take. */
async function drawPage(
  path: string,
  number: number,
  workspace: Workspace,
  limits: DocumentLimits,
  signal: AbortSignal,
): Promise<SourcePage> {
  const page = ['-f', String(number), '-l', String(number)]
  const facts = await inspect(path, page, limits, signal)
  const size = /([\d.e+]+) x ([\d.e+]+) pts/.exec(factOf(facts, 'Page +\\d+ size') ?? '')
  const [width = 0, height = 0] = (size ?? [])
    .slice(1)
    .map((points) => Number(points) / pointsPerInch)
  // A page that is counted but not there has no size.
  if (!(width * height > 0)) throw damaged(`Page ${number} of the PDF is damaged.`)
  const pixels = Math.min(limits.enginePixels, limits.maxPixels)
  const dpi = Math.min(limits.pdfDpi, almost * largestFactor({ width, height }, pixels))
  if (dpi < 1) {
    throw new OcrError('image_too_large', `Page ${number} of the PDF is too large to be drawn.`)
  }
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
    const drawn = await decode(file.path, { ...limits, maxPixels })
    const image = { ...drawn, density: dpi, isReduced: dpi < limits.pdfDpi }
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

async function poppler(
  program: (typeof programs)[number],
  args: readonly string[],
  limits: DocumentLimits,
  signal: AbortSignal,
): Promise<ProgramOutput> {
  const programLimits: ProgramLimits = {
    outputBytes: maxInfoBytes,
    fileBytes: limits.enginePixels * bytesPerPixel + headBytes,
    memoryBytes: limits.pdfMemoryBytes,
    cpuSeconds: Math.ceil(limits.pageTimeoutMs / 1000),
  }
  try {
    return await runProgram(program, args, programLimits, signal)
  } catch (cause) {
    if (!(cause instanceof ProgramFailed)) throw cause
    if (/incorrect password/i.test(cause.complaints)) {
      const message = 'The PDF is encrypted; remove its password and send it again.'
      throw new OcrError('encrypted_document', message, { cause })
    }
    if (/could not write image/i.test(cause.complaints)) throw noRoomFor(cause)
    throw damaged('The PDF is damaged, or takes too much time or memory to draw.', cause)
  }
}

async function isBlank({ pixels }: DecodedImage): Promise<boolean> {
  const { channels } = await pixels.clone().stats()
  return channels.every(({ min, max }) => min === max)
}

const damaged = (message: string, cause?: unknown): OcrError =>
  new OcrError('undecodable_image', message, { cause })
