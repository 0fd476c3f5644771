import { rmSync } from 'node:fs'
import { mkdtemp, readdir, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { OcrError } from '../contract/errors.ts'

const tmpfsMagic = 0x01021994
const directoryName = /^ocr-model-(\d+)-/

export interface Workspace {
  readonly path: string
  /** Path for a new working file, which is removed when this is disposed of. */
  file(extension: string): Disposable & { readonly path: string }
  /** Removes everything. */
  remove(): Promise<void>
}

/**
 * A private directory for working files on a memory file system, so that no document touches a disk.
 * Leftovers of processes that were killed are swept away.
 * @throws Error when `parent` is not on tmpfs or cannot be written
 */
export async function createWorkspace(parent: string): Promise<Workspace> {
  const { type } = await statfs(parent)
  if (type !== tmpfsMagic) {
    throw new Error(`OCR_WORK_DIR is ${parent}, which is not on a memory file system (tmpfs).`)
  }
  await sweep(parent)
  const path = await mkdtemp(join(parent, `ocr-model-${process.pid}-`))
  let count = 0
  return {
    path,
    file(extension) {
      const file = join(path, `${++count}${extension}`)
      // In memory this takes microseconds, and a way through the thread pool half a millisecond.
      return { path: file, [Symbol.dispose]: () => rmSync(file, { force: true }) }
    },
    remove: () => rm(path, { recursive: true, force: true }),
  }
}

/** The error for a working file that could not be written for want of memory; undefined for any other cause. */
export const noRoom = (cause: unknown): OcrError | undefined =>
  cause instanceof Error && /no space left/i.test(cause.message) ? noRoomFor(cause) : undefined

export const noRoomFor = (cause: Error): OcrError =>
  new OcrError('overloaded', 'There is no working memory for this page now; try again later.', {
    cause,
    retryAfterSeconds: 5,
  })

async function sweep(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = Number(directoryName.exec(name)?.[1])
    // After a restart in a container our own pid is that of the process that died.
    const isLeftover = pid > 0 && (pid === process.pid || !isAlive(pid))
    // What another user left is not ours to remove.
    if (isLeftover) await rm(join(parent, name), { recursive: true }).catch(() => undefined)
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
