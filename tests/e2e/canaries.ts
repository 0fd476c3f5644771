import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type FSWatcher, mkdirSync, mkdtempSync, rmSync, watch } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Bait } from '../documents/hostile-values.ts'

/** What nobody may touch: a folder, files in it, and a server. */
export interface Canaries extends Bait, AsyncDisposable {
  /** What the file says to whoever reads it. */
  readonly secret: string
  /** A folder to work in that is to stay empty. */
  readonly empty: string
  /** What has been touched, and how. */
  readonly alarms: readonly string[]
  /** Has a folder in which only files of these names may come and go. */
  watch(folder: string, allowed: (name: string) => boolean): void
}

/**
 * Sets out files that are pipes, since a pipe alone tells that it was opened for reading, however shortly: its writer
 * waits for that. Folders tell of every name that is made in them, even if it goes again, and the server of each
 * connection.
 */
export async function setCanaries(): Promise<Canaries> {
  const folder = mkdtempSync(join(tmpdir(), 'ocr-canaries-'))
  const secret = `the secret of ${basename(folder)}`
  const file = join(folder, 'page.png')
  const empty = join(folder, 'empty')
  mkdirSync(empty)
  const pipes = [file, join(folder, 'eng.traineddata'), join(folder, 'config')]
  const alarms: string[] = []
  const watchers: FSWatcher[] = []
  let isOver = false

  const writers = pipes.map((pipe) => {
    execFileSync('mkfifo', [pipe])
    const writer = spawn('sh', ['-c', 'printf "%s\\n" "$1" > "$0"', pipe, secret])
    writer.once('exit', () => isOver || alarms.push(`${pipe} was read`))
    return writer
  })
  const server = createServer((socket) => {
    alarms.push('a connection was made')
    socket.destroy()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')

  const canaries: Canaries = {
    file,
    folder,
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    secret,
    empty,
    alarms,
    watch(watched, allowed) {
      const onName = (event: string, name: string | null) => {
        if (event === 'rename' && !allowed(name ?? '')) alarms.push(`${watched} has had ${name}`)
      }
      watchers.push(watch(watched, onName))
    },
    async [Symbol.asyncDispose]() {
      isOver = true
      for (const watcher of watchers) watcher.close()
      server.close()
      await Promise.all(writers.map(end))
      rmSync(folder, { recursive: true })
    },
  }
  for (const own of [folder, empty]) canaries.watch(own, () => false)
  // Others work there, too.
  for (const shared of [tmpdir(), '/dev/shm']) {
    canaries.watch(shared, (name) => name === basename(folder) || !name.startsWith('made-'))
  }
  return canaries
}

async function end(writer: ChildProcess): Promise<void> {
  if (writer.exitCode !== null || writer.signalCode !== null) return
  writer.kill('SIGKILL')
  await once(writer, 'exit')
}
