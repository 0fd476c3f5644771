import { randomUUID } from 'node:crypto'
import { access, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { writing } from './output-error.ts'
import type { Output } from './outputs.ts'

/**
 * A file that has its name when it is whole, and not before.
 * @throws Error when it is there already; OutputError when it cannot be made or written
 */
export async function openOutputFile(
  target: string,
  { isForced }: { isForced: boolean },
): Promise<Output> {
  // Before the work as well, which would be for nothing.
  if (!isForced) await requireAbsent(target)
  const folder = dirname(target)
  const temporary = join(folder, `.ocr-${randomUUID()}.part`)
  const file = await writing(target, async () => {
    await mkdir(folder, { recursive: true })
    return open(temporary, 'wx')
  })
  return {
    write: (chunk) => writing(target, () => file.writeFile(chunk)),
    async finish() {
      await writing(target, () => file.close())
      if (!isForced) await requireAbsent(target)
      await writing(target, () => rename(temporary, target))
    },
    async [Symbol.asyncDispose]() {
      await file.close()
      await rm(temporary, { force: true })
    },
  }
}

export const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

async function requireAbsent(target: string): Promise<void> {
  if (await isThere(target)) throw new Error(`${target} is there already; --force overwrites it`)
}
