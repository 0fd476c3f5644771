import { randomUUID } from 'node:crypto'
import { access, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Output } from './outputs.ts'

/**
 * A file that has its name when it is whole, and not before.
 * @throws Error when it is there already, or cannot be made
 */
export async function openOutputFile(
  target: string,
  { isForced }: { isForced: boolean },
): Promise<Output> {
  // Before the work as well, which would be for nothing.
  if (!isForced) await requireAbsent(target)
  const folder = dirname(target)
  await mkdir(folder, { recursive: true })
  const temporary = join(folder, `.ocr-${randomUUID()}.part`)
  const file = await open(temporary, 'wx')
  return {
    write: (chunk) => file.writeFile(chunk),
    async finish() {
      await file.close()
      if (!isForced) await requireAbsent(target)
      await rename(temporary, target)
    },
    async [Symbol.asyncDispose]() {
      await file.close()
      await rm(temporary, { force: true })
    },
  }
}

async function requireAbsent(target: string): Promise<void> {
  const isThere = await access(target).then(
    () => true,
    () => false,
  )
  if (isThere) throw new Error(`${target} is there already; --force overwrites it`)
}
