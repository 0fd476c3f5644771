import type { Bait } from './hostile-values.ts'

/**
 * Texts in place of an image: plain tesseract takes the first of them for a list of files and fetches addresses, and
 * readers of other formats follow what a document refers to.
 */
export const pathsAsImages = ({ file, folder, origin }: Bait): string[] => [
  file,
  `${file}\n`,
  `\ufeff${file}\n`,
  `  ${file}\r\n`,
  `${file}\n${file}\n`,
  `../../../../../../..${file}\n`,
  `file://${file}\n`,
  `@${file}\n`,
  '/proc/self/environ\n',
  '/dev/stdin\n',
  'stdin\n',
  '-\n',
  `${origin}/page.png\n`,
  `${origin.replace('http:', 'ftp:')}/page.png\n`,
  `https://user@${origin.slice('http://'.length)}/\n`,
  `stream_filelist 1\n${file}\n`,
  `-c stream_filelist=1\n${file}\n`,
  `debug_file ${folder}/made-1\ntessedit_write_images 1\n`,
  `|touch ${folder}/made-2\n`,
  `<svg xmlns="http://www.w3.org/2000/svg"><image href="file://${file}"/><image href="${origin}"/></svg>`,
  `<!DOCTYPE a [<!ENTITY b SYSTEM "${origin}/b">]><a>&b;</a>`,
  `push graphic-context\nimage over 0,0 9,9 '${origin}/a.png'\n`,
  `%!PS\n(${file}) (r) file run\n`,
  `P6 1 1 255\n${file}\n`,
  `GIF89a${file}\n`,
  `%PDF-1.7\n1 0 obj<</F(${file})/FS/URL/URI(${origin})>>endobj\n`,
]
