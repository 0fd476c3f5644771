import * as fs from 'node:fs/promises'
import { basename, extname, join, relative } from 'node:path'
import { type FileTypeName, fileTypeNames } from '../../functions/contract/file-types.ts'
import { systemMessageOf } from '../terminal/messages.ts'

/** A file that is to be read. */
export interface Input {
  /** As it is called to people. */
  readonly label: string
  /** Undefined for the standard input. */
  readonly path: string | undefined
  /** Where it is below the folder or pattern that it was found by; of a file that was named, its name. */
  readonly relativePath: string
}

/** An argument that gives no files, and why. */
export interface Missing {
  readonly label: string
  readonly reason: string
}

export const standardInput = '-'

const otherExtensions: Partial<Record<FileTypeName, readonly string[]>> = {
  jpeg: ['jpg', 'jpe'],
  tiff: ['tif'],
}
const extensions = fileTypeNames.flatMap((name) => [name, ...(otherExtensions[name] ?? [])])
const noFile = `no file that ends in .${extensions.join(', .')}`

const wildcard = /[*?[{]/

/** A name that is among others must tell that it is of a type that is read, and not one of our own PDFs. */
const isReadable = (path: string): boolean =>
  extensions.includes(extname(path).slice(1).toLowerCase()) && !path.endsWith('.ocr.pdf')

/** So that page 2 comes before page 10. */
const byName = new Intl.Collator('en', { numeric: true }).compare

/** The files that arguments stand for, in their order, and the arguments that stand for none. */
export async function findInputs(
  args: readonly string[],
  options: { isRecursive: boolean },
): Promise<{ inputs: Input[]; missing: Missing[] }> {
  const inputs: Input[] = []
  const missing: Missing[] = []
  for (const label of args) {
    try {
      inputs.push(...(await expand(label, options.isRecursive)))
    } catch (error) {
      missing.push({ label, reason: systemMessageOf(error) })
    }
  }
  return { inputs, missing }
}

async function expand(argument: string, isRecursive: boolean): Promise<Input[]> {
  if (argument === standardInput) {
    return [{ label: 'standard input', path: undefined, relativePath: '' }]
  }
  const stats = await fs.stat(argument).catch((error: unknown) => {
    if (wildcard.test(argument)) return undefined
    throw error
  })
  // Also what is neither file nor folder, such as the pipe that a shell makes of <(command).
  if (stats && !stats.isDirectory()) return [named(argument)]
  const found = stats ? await filesIn(argument, isRecursive) : await matches(argument)
  if (found.length === 0) throw new Error(noFile)
  return found
}

const named = (path: string): Input => ({ label: path, path, relativePath: basename(path) })

/** Neither hidden files nor, without the flag, folders; links to folders are not followed. */
async function filesIn(folder: string, isRecursive: boolean, below = ''): Promise<Input[]> {
  const entries = await fs.readdir(join(folder, below), { withFileTypes: true })
  const found: Input[] = []
  for (const entry of entries.sort((a, b) => byName(a.name, b.name))) {
    const relativePath = join(below, entry.name)
    const path = join(folder, relativePath)
    if (entry.name.startsWith('.')) continue
    if (entry.isDirectory() && isRecursive) {
      found.push(...(await filesIn(folder, isRecursive, relativePath)))
    } else if (isReadable(path) && (await isFile(path))) {
      found.push({ label: path, path, relativePath })
    }
  }
  return found
}

/** A link is what it leads to. */
const isFile = async (path: string): Promise<boolean> =>
  (await fs.stat(path).catch(() => undefined))?.isFile() ?? false

/** The files that match a pattern. */
async function matches(pattern: string): Promise<Input[]> {
  const glob: typeof fs.glob | undefined = fs.glob
  if (glob === undefined) {
    throw new Error('patterns in quotes need Node 22; without the quotes the shell expands them')
  }
  const folder = pattern.slice(0, pattern.slice(0, pattern.search(wildcard)).lastIndexOf('/') + 1)
  const found: Input[] = []
  for await (const path of glob(pattern)) {
    if (isReadable(path) && (await isFile(path))) {
      found.push({ label: path, path, relativePath: relative(folder, path) })
    }
  }
  return found.sort((a, b) => byName(a.label, b.label))
}
