import { mkdir, readdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { type ProgramLimits, runProgram } from '../program.ts'
import { tessdataFlag } from './arguments.ts'
import { inspectLanguageData, type LanguageData } from './language-data.ts'

/** What is installed. */
export interface Installation {
  readonly version: string
  /** Names for the `lang` option, in order, and the data of each. */
  readonly languages: ReadonlyMap<string, LanguageData>
  /** Directory of the language data. */
  readonly tessdata: string
}

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

const notForText = ['osd', 'equ']
const limits: ProgramLimits = { outputBytes: 64 * 1024, memoryBytes: 2 ** 30, cpuSeconds: 10 }

/**
 * Asks a tesseract program for its version and languages.
 * @param directory of language data other than the program's own
 * @throws Error when it cannot be run
 */
async function inspectTesseract(file: string, directory?: string): Promise<Installation> {
  const run = async (...args: string[]) =>
    (await runProgram(file, args, limits, AbortSignal.timeout(10_000))).stdout.toString()
  const [version, list] = await Promise.all([
    run('--version'),
    run('--list-langs', ...tessdataFlag(directory)),
  ])
  const [title = '', ...installed] = list.trim().split('\n')
  const tessdata = /"(.*)"/.exec(title)?.[1] ?? ''
  const names = installed.filter((name) => !notForText.includes(name)).sort()
  const data = async (name: string) =>
    [name, await inspectLanguageData(join(tessdata, `${name}.traineddata`))] as const
  return {
    version: /^tesseract v?(\S+)/.exec(version)?.[1] ?? 'unknown',
    languages: new Map(await Promise.all(names.map(data))),
    tessdata,
  }
}
