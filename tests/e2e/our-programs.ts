import type { SeenProcess } from './process-watch.ts'

/** What starts a program, which stands in its own arguments until it runs the program. */
const starters = '(?:setpriv --pdeathsig KILL )?(?:prlimit (?:--\\w+=\\d+ )+-- )?(?:stdbuf -o0 )?'
const data = '--tessdata-dir /.+ -l'
const variables = '-c stream_filelist=1 -c tessedit_create_hocr=1 -c tessedit_create_txt=0'
const list = '-c tessedit_char_(?:white|black)list=\\P{C}+'

/** The programs that the model starts for one option at a time; all but values in their arguments is always the same. */
const programs = [
  `tesseract - - ${data} [a-z+_]+ --psm \\d+ --oem \\d ${variables}(?: ${list})?`,
  `tesseract /.+/\\d+.tif - ${data} osd --psm 0`,
  'pdfinfo /.+/\\d+.pdf',
].map((args) => new RegExp(`^${starters}${args}$`.replaceAll(' ', '\n'), 'u'))

export const otherThanOurs = (seen: readonly SeenProcess[]): SeenProcess[] =>
  seen.filter(({ args }) => !programs.some((program) => program.test(args.join('\n'))))
