import { type BigIntStats, constants } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import type { Log } from '../../platform/log.ts'
import { type Key, parseKeys } from './keys.ts'

interface KeysFile {
  /** The keys in force. */
  readonly keys: readonly Key[]
  /** Stops looking for changes. */
  close(): void
}

interface KeysFileOptions {
  readonly path: string
  readonly log: Pick<Log, 'info' | 'error'>
  /** Milliseconds between two looks at the file. */
  readonly pollMs?: number | undefined
}

const maxFileBytes = 256 * 1024

/**
 * Reads a file of keys, and again whenever it changes. A change that cannot be used leaves the keys as they were: a slip
 * must not lock everybody out. It is looked at by its path time and again, since a mounted Secret changes by a
 * symbolic link to somewhere else, of which a watcher of the file would not hear.
 * @throws Error if there is no usable file at the start
 */
export async function openKeysFile(options: KeysFileOptions): Promise<KeysFile> {
  const { path, log, pollMs = 2_000 } = options
  let { keys, version } = await readKeys(path)
  log.info({ keys: keys.length }, 'keys loaded')

  const reload = async () => {
    const current = await versionOf(path)
    if (current === version) return
    version = current
    try {
      ;({ keys, version } = await readKeys(path))
      log.info({ keys: keys.length }, 'keys loaded')
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      log.error({ reason }, 'keys not loaded; the ones before stay in force')
    }
  }
  let isClosed = false
  const poll = async () => {
    await reload()
    if (!isClosed) timer = setTimeout(poll, pollMs).unref()
  }
  let timer = setTimeout(poll, pollMs).unref()

  return {
    get keys() {
      return keys
    },
    close() {
      isClosed = true
      clearTimeout(timer)
    },
  }
}

/** The keys of a file, and which version of it was read. */
async function readKeys(path: string): Promise<{ keys: Key[]; version: string }> {
  // Opening a named pipe would else wait for a writer.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const stats = await file.stat({ bigint: true })
    if (!stats.isFile()) throw new Error('It is not a file.')
    const { buffer, bytesRead } = await file.read(Buffer.alloc(maxFileBytes + 1))
    if (bytesRead > maxFileBytes) throw new Error(`It is larger than ${maxFileBytes / 1024} KiB.`)
    return { keys: parseKeys(buffer.toString('utf8', 0, bytesRead)), version: fingerprint(stats) }
  } finally {
    await file.close()
  }
}

const versionOf = (path: string): Promise<string> =>
  stat(path, { bigint: true }).then(fingerprint, () => 'not there')

const fingerprint = ({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string =>
  [dev, ino, size, mtimeNs, ctimeNs].join()
