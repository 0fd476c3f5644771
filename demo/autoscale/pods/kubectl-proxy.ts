import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface ProxyOptions {
  /** The only path of the API server that can be asked. */
  readonly path: string
  readonly environment: NodeJS.ProcessEnv
}

/** A kubectl that passes on to the API server what it is asked at a socket of our own. */
export interface Proxy extends AsyncDisposable {
  readonly socketPath: string
  /** Resolves when it has ended, with what it said of that. */
  readonly ended: Promise<string>
}

const mostSaid = 1_000

/**
 * One process for the whole run, since a kubectl for each look would take CPU time from the pods of a small cluster.
 * Nobody but our own user gets at the socket, and by it at no more than one list.
 */
export function startProxy({ path, environment }: ProxyOptions): Proxy {
  const folder = mkdtempSync(join(tmpdir(), 'autoscale-'))
  const socketPath = join(folder, 'kubectl')
  const accepted = `--accept-paths=^${path.replaceAll('.', '\\.')}$`
  const child = spawn(
    'kubectl',
    ['proxy', `--unix-socket=${socketPath}`, accepted, '--reject-methods=POST,PUT,PATCH,DELETE'],
    { env: environment, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let said = ''
  child.stderr.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-mostSaid)
  })
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`kubectl could not be started (${error.message})`))
    child.once('close', (code, signal) =>
      resolve(`kubectl ended with ${signal ?? code}: ${lastLine(said)}`),
    )
  })
  const end = () => {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', end)
  return {
    socketPath,
    ended,
    async [Symbol.asyncDispose]() {
      process.off('exit', end)
      end()
      await ended
    },
  }
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? ''
