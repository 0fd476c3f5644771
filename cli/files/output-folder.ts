import { mkdir, stat } from 'node:fs/promises'
import { answerFormats } from '../../functions/contract/answer-formats.ts'
import { UsageError } from '../command/exit-codes.ts'
import { systemMessageOf } from '../terminal/messages.ts'
import { OutputError } from './output-error.ts'

const extensions = Object.values(answerFormats).map(({ extension }) => extension)

/**
 * Makes the folder that results are written into, unless it is there.
 * @throws UsageError for a file, or the name of one; OutputError when the folder cannot be made
 */
export async function makeOutputFolder(folder: string): Promise<void> {
  const stats = await stat(folder).catch(() => undefined)
  if (stats?.isDirectory()) return
  if (stats) throw new UsageError(`${folder} is a file; --output-dir needs a folder.`)
  if (extensions.some((extension) => folder.endsWith(extension))) {
    throw new UsageError(`--output-dir is a folder; for one file write: ocr … > ${folder}.`)
  }
  try {
    await mkdir(folder, { recursive: true })
  } catch (cause) {
    const message = `the output folder cannot be made (${systemMessageOf(cause)})`
    throw new OutputError(folder, message, { cause })
  }
}
