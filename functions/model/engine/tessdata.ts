import { mkdir, readdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { type Installation, inspectTesseract } from './process.ts'

const languageFile = /^[A-Za-z]\w*\.traineddata$/

/**
 * What a tesseract program has, with more language data if there is a directory of it.
 * @throws Error when the program cannot be run or the directory has no language data
 */
export async function findInstallation(options: {
  readonly file: string
  /** Directory of more language data; empty for none. */
  readonly more: string
  /** Where the directory of both is made. */
  readonly into: string
}): Promise<Installation> {
  const { file, more, into } = options
  const installation = await inspectTesseract(file)
  if (!more) return installation
  const tessdata = await mergeTessdata({ installed: installation.tessdata, more, into })
  return await inspectTesseract(file, tessdata)
}

/**
 * A directory of language data made of two: everything that is installed, and more languages, which win over
 * installed ones of the same name. It holds links and takes no room.
 * @returns `into`
 * @throws Error when `more` has no language data
 */
async function mergeTessdata(options: {
  readonly installed: string
  readonly more: string
  /** Is made. */
  readonly into: string
}): Promise<string> {
  const { installed, more, into } = options
  const languages = (await readdir(more)).filter((name) => languageFile.test(name))
  if (languages.length === 0)
    throw new Error(`OCR_TESSDATA is ${more}, which has no *.traineddata.`)
  await mkdir(into)
  for (const name of await readdir(installed))
    await symlink(join(installed, name), join(into, name))
  for (const name of languages) {
    await rm(join(into, name), { force: true })
    await symlink(join(more, name), join(into, name))
  }
  return into
}
