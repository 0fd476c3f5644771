import type { Orientation } from '../../contract/ocr.ts'
import { ProgramFailed, type ProgramLimits, runProgram } from '../program.ts'

/**
 * Finds out how the text on a page is turned, and its script, by tesseract's OSD.
 * @param path an image file that our own encoder wrote
 * @returns undefined where there is too little text to tell
 */
export type DetectOrientation = (
  path: string,
  signal: AbortSignal,
) => Promise<Orientation | undefined>

/** The page's deadline comes before the last of them. */
const limits: ProgramLimits = { outputBytes: 64 * 1024, memoryBytes: 2 ** 30, cpuSeconds: 600 }

export function createDetectOrientation(options: {
  readonly file: string
  /** Directory with `osd.traineddata`. */
  readonly tessdata: string
}): DetectOrientation {
  const { file, tessdata } = options
  const flags = ['--tessdata-dir', tessdata, '-l', 'osd', '--psm', '0']
  return async (path, signal) => {
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
