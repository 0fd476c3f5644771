import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../services/free-port.ts'

const run = promisify(execFile)

/** A working copy of our own, served to the cluster. */
export interface ServedCopy extends Disposable {
  readonly url: string
  readonly folder: string
  /** Commits all that was changed in the folder, and serves it. */
  commit(message: string): Promise<void>
  /** Takes the last commit back by one more. */
  revert(): Promise<void>
}

/** An address of this machine in the cluster's network, at which pods reach a server that the test starts. */
export const ownAddress = (nodeAddresses: readonly string[]): string | undefined =>
  Object.values(networkInterfaces())
    .flatMap((addresses = []) => addresses.map(({ address }) => address))
    .find((address) => nodeAddresses.includes(address))

/** Serves a clone of this repository's last commit by Git's own daemon. */
export async function serveCopy(address: string): Promise<ServedCopy> {
  const base = mkdtempSync(join(tmpdir(), 'ocr-git-'))
  const folder = join(base, 'copy')
  const git = async (...args: string[]) => {
    const identity = ['-c', 'user.name=tests', '-c', 'user.email=tests@example.com']
    await run('git', ['-C', folder, ...identity, ...args])
  }
  await run('git', ['clone', '--quiet', '.', folder])
  await git('checkout', '--quiet', '-B', 'main')
  const port = await freePort(address)
  const listening = [`--listen=${address}`, `--port=${port}`, '--reuseaddr']
  const daemon = spawn('git', ['daemon', ...listening, `--base-path=${base}`, '--export-all'], {
    stdio: 'ignore',
    // With the processes that it starts for each request.
    detached: true,
  })
  const end = () => {
    if (daemon.pid) process.kill(-daemon.pid)
    rmSync(base, { recursive: true, force: true })
  }
  return {
    url: `git://${address}:${port}/copy`,
    folder,
    commit: (message) => git('commit', '--quiet', '--all', '--message', message),
    revert: () => git('revert', '--no-edit', 'HEAD'),
    [Symbol.dispose]: end,
  }
}
