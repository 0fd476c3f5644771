import type { EngineOptions } from './engine.ts'

const hocrVariables = { tessedit_create_hocr: '1', tessedit_create_txt: '0' }

/** Arguments for a process that reads paths, one a line, on stdin and writes hOCR pages to stdout. */
export function warmArguments(options: EngineOptions): string[] {
  const { lang, tessdata, psm, oem, allowlist, denylist } = options
  const variables = {
    stream_filelist: '1',
    ...hocrVariables,
    ...(allowlist && { tessedit_char_whitelist: allowlist }),
    ...(denylist && { tessedit_char_blacklist: denylist }),
  }
  const modes = ['--tessdata-dir', tessdata, '-l', lang, '--psm', String(psm), '--oem', String(oem)]
  return ['-', '-', ...modes, ...asFlags(variables)]
}

/** The same as the options object of node-tesseract-ocr, which has no safe way for characters. */
export const oneshotConfig = ({ lang, tessdata, psm, oem }: EngineOptions) => ({
  'tessdata-dir': tessdata,
  lang,
  psm,
  oem,
  ...hocrVariables,
})

const asFlags = (variables: Record<string, string>): string[] =>
  Object.entries(variables).flatMap(([name, value]) => ['-c', `${name}=${value}`])
