import { type ChildProcess, spawn } from 'node:child_process'

/** Environment of every program that we start, and all of it: nothing of ours leaks into them. */
export const programEnvironment: Readonly<Record<string, string>> = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  LC_ALL: 'C.UTF-8',
  // Threads of several tesseract processes on the same CPUs make each page 2 to 30 times slower.
  OMP_THREAD_LIMIT: '1',
}

const maxComplaintBytes = 4096
/** Exit code of prlimit when there is no such program. */
const notFound = 127

/** What the kernel ends a program for, if it takes more. */
export interface KernelLimits {
  /** Of each file that it writes; none if it is not said. */
  readonly fileBytes?: number
  /** Address space. */
  readonly memoryBytes: number
  readonly cpuSeconds: number
}

/** What a program that runs to its end may take; it is ended when it takes more. */
export interface ProgramLimits extends KernelLimits {
  readonly outputBytes: number
}

/** A program ended with an error, or was ended for passing a limit. */
export class ProgramFailed extends Error {
  override readonly name = 'ProgramFailed'
  /** What it wrote to stderr; only for the log, and to tell one failure from another. */
  readonly complaints: string

  constructor(message: string, complaints: string) {
    super(`${message}: ${complaints.trim()}`)
    this.complaints = complaints
  }
}

export interface ProgramOutput {
  readonly stdout: Buffer
  /** The end of what it wrote to stderr. */
  readonly complaints: string
}

/**
 * Runs a program to its end, in a process group of its own, without a shell and with nothing on stdin.
 * @param args nothing that a client chose as it is
 * @throws ProgramFailed, the signal's reason, or Error when there is no such program; the whole group is gone
 *   by then
 */
export async function runProgram(
  file: string,
  args: readonly string[],
  limits: ProgramLimits,
  signal: AbortSignal,
): Promise<ProgramOutput> {
  signal.throwIfAborted()
  const child = spawn(...withinLimits(limits, file, args), {
    detached: true,
    env: programEnvironment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const kill = () => killGroup(child)
  const chunks: Buffer[] = []
  let bytes = 0
  let complaints = ''
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > limits.outputBytes) kill()
    else chunks.push(chunk)
  })
  child.stderr.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-maxComplaintBytes)
  })
  signal.addEventListener('abort', kill, { once: true })
  try {
    const how = await new Promise<number | string>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code, killedBy) => resolve(killedBy ?? code ?? 'unknown'))
    })
    signal.throwIfAborted()
    if (how === notFound) throw new Error(`${file} is not installed`)
    if (bytes > limits.outputBytes) throw new ProgramFailed(`${file}: too much output`, complaints)
    if (how !== 0) throw new ProgramFailed(`${file} ended with ${how}`, complaints)
    return { stdout: Buffer.concat(chunks), complaints }
  } finally {
    signal.removeEventListener('abort', kill)
  }
}

/** Kills a program that leads a process group, and all that it started. */
export function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It ended in the meantime.
  }
}

/**
 * The program and arguments by which a program runs within limits, in the same process: it keeps its process id. It
 * is killed when we die, however we do.
 */
export const withinLimits = (
  limits: KernelLimits,
  file: string,
  args: readonly string[],
): [file: string, args: string[]] => [
  'setpriv',
  ['--pdeathsig', 'KILL', 'prlimit', ...limitFlags(limits), '--', file, ...args],
]

const limitFlags = ({ memoryBytes, cpuSeconds, fileBytes = 0 }: KernelLimits): string[] => [
  `--as=${memoryBytes}`,
  `--cpu=${cpuSeconds}`,
  `--fsize=${fileBytes}`,
  '--core=0',
]
