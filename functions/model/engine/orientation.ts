import type { Orientation } from '../../contract/ocr.ts'
import { type KernelLimits, ProgramFailed, runProgram } from '../program.ts'
import { withSecondTry } from './second-try.ts'

/**
 * Finds out how the text on a page is turned, and its script, by tesseract's OSD.
 * @param path an image file that our own encoder wrote
 * @returns undefined where there is too little text to tell
 * @throws OcrError `engine_crashed`, or the signal's reason once the program is gone
 */
export type DetectOrientation = (
  path: string,
  signal: AbortSignal,
) => Promise<Orientation | undefined>

const maxOutputBytes = 64 * 1024

export function createDetectOrientation(options: {
  readonly file: string
  /** Directory with `osd.traineddata`. */
  readonly tessdata: string
  readonly limits: KernelLimits
}): DetectOrientation {
  const { file, tessdata } = options
  const limits = { ...options.limits, outputBytes: maxOutputBytes }
  const flags = ['--tessdata-dir', tessdata, '-l', 'osd', '--psm', '0']
  const detect: DetectOrientation = async (path, signal) => {
    try {
      const { stdout } = await runProgram(file, [path, '-', ...flags], limits, signal)
      return parseOsd(stdout.toString())
    } catch (error) {
      if (error instanceof ProgramFailed && /too few characters/i.test(error.complaints)) {
        return undefined
      }
      throw error
    }
  }
  return (path, signal) => withSecondTry(() => detect(path, signal), ProgramFailed)
}

/** Reads what tesseract prints with `--psm 0`: a name and a value in each line. */
export function parseOsd(text: string): Orientation {
  const value = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1] ?? ''
  return {
    rotated: Number(value('Rotate')),
    confidence: Number(value('Orientation confidence')),
    script: value('Script'),
    scriptConfidence: Number(value('Script confidence')),
  }
}
