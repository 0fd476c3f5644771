import { mkdir, readdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { type ProgramLimits, runProgram } from '../program.ts'
import { inspectLanguageData, type LanguageData } from './language-data.ts'

const languageFile = /^[A-Za-z]\w*\.traineddata$/

/** What is installed. */
export interface Installation extends Tessdata {
  readonly version: string
}

interface Tessdata {
  /** Directory of the language data. */
  readonly directory: string
  /** Names for the `lang` option, in order, and the data of each. */
  readonly languages: ReadonlyMap<string, LanguageData>
  /** Whether the orientation of a page can be detected. */
  readonly hasOsd: boolean
}

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
  const [title, installed] = await Promise.all([ask(file, '--version'), inspectTessdata(file)])
  const version = /^tesseract v?(\S+)/.exec(title)?.[1] ?? 'unknown'
  if (!more) return { version, ...installed }
  await mergeTessdata({ installed: installed.directory, more, into })
  return { version, ...(await inspectTessdata(file, into)) }
}

/**
 * A directory of language data made of two: everything that is installed, and more languages, which win over
 * installed ones of the same name. It holds links and takes no room.
 * @throws Error when `more` has no language data
 */
async function mergeTessdata(options: {
  readonly installed: string
  readonly more: string
  /** Is made. */
  readonly into: string
}): Promise<void> {
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
}

const notForText = ['osd', 'equ']

/** @param directory other than the program's own */
async function inspectTessdata(file: string, directory?: string): Promise<Tessdata> {
  const flags = directory ? ['--tessdata-dir', directory] : []
  const list = await ask(file, '--list-langs', ...flags)
  const [title = '', ...installed] = list.trim().split('\n')
  const found = /"(.*)"/.exec(title)?.[1] ?? ''
  const names = installed.filter((name) => !notForText.includes(name)).sort()
  const data = async (name: string) =>
    [name, await inspectLanguageData(join(found, `${name}.traineddata`))] as const
  const languages = new Map(await Promise.all(names.map(data)))
  return { directory: found, languages, hasOsd: installed.includes('osd') }
}

const limits: ProgramLimits = { outputBytes: 64 * 1024, memoryBytes: 2 ** 30, cpuSeconds: 10 }

const ask = async (file: string, ...args: string[]): Promise<string> =>
  (await runProgram(file, args, limits, AbortSignal.timeout(10_000))).stdout.toString()
