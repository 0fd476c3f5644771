import { type Options, paramsOf } from './options.ts'

interface CurlOptions {
  /** Address of the gateway, with a slash at the end. */
  readonly base: string
  /** Name or path of the file. */
  readonly path: string
  readonly options: Options
  readonly hasKey: boolean
}

/** A command for a POSIX shell that asks the same of the gateway; the key is taken from `OCR_KEY`. */
export function curlLine({ base, path, options, hasKey }: CurlOptions): string {
  const words = ['curl']
  if (hasKey) words.push('-H', '"Authorization: Bearer $OCR_KEY"')
  words.push('-F', quoted(`file=@${filePart(path)}`))
  for (const [name, value] of paramsOf(options)) {
    // Of a value with -F curl would take some characters for its own.
    words.push(/^[\w.,+/-]+$/.test(value) ? '-F' : '--form-string', quoted(`${name}=${value}`))
  }
  return [...words, quoted(`${base}v1/ocr`)].join(' ')
}

/** A file's name as curl reads it behind an @: in quotes where it has what ends a name there. */
function filePart(path: string): string {
  const name = path.startsWith('-') ? `./${path}` : path
  return /[;,"\\]|^\s|\s$/.test(name) ? `"${name.replace(/["\\]/g, '\\$&')}"` : name
}

/** One word of a shell. */
const quoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
