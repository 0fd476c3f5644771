import type { EngineOptions } from './engine.ts'

/**
 * Environment of every tesseract process, and all of it. One thread, because the threads of several
 * processes on the same CPUs make each page 2 to 30 times slower.
 */
export const engineEnvironment: Readonly<Record<string, string>> = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  LC_ALL: 'C.UTF-8',
  OMP_THREAD_LIMIT: '1',
}

const hocrVariables = { tessedit_create_hocr: '1', tessedit_create_txt: '0' }

export const tessdataFlag = (directory: string | undefined): string[] =>
  directory ? ['--tessdata-dir', directory] : []

/** Arguments for a process that reads paths, one a line, on stdin and writes hOCR pages to stdout. */
export function warmArguments(options: EngineOptions, tessdata?: string): string[] {
  const { lang, psm } = options
  const variables = { stream_filelist: '1', ...hocrVariables }
  const flags = [...tessdataFlag(tessdata), '-l', lang, '--psm', String(psm), ...asFlags(variables)]
  return ['-', '-', ...flags]
}

/** The same as the options object of node-tesseract-ocr. */
export const oneshotConfig = (options: EngineOptions, tessdata?: string) => ({
  ...(tessdata && { 'tessdata-dir': tessdata }),
  lang: options.lang,
  psm: options.psm,
  ...hocrVariables,
})

const asFlags = (variables: Record<string, string>): string[] =>
  Object.entries(variables).flatMap(([name, value]) => ['-c', `${name}=${value}`])
