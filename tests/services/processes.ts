import { existsSync, readdirSync, readFileSync } from 'node:fs'

// What the kernel tells of processes: proc(5).

interface Process {
  readonly pid: number
}

export const isRunning = (pid: number): boolean => existsSync(`/proc/${pid}`)

/** A file of a process, or nothing once it has ended. */
export function processFile(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return ''
  }
}

/** Fields of /proc/PID/stat after the command's name, which may hold spaces; the first is the state. */
const statOf = (pid: number): string[] =>
  processFile(pid, 'stat').split(') ').at(-1)?.split(' ') ?? []

/** As in ps: `R` runs, or wants to; nothing once it has been waited for. */
export const stateOf = (pid: number): string => statOf(pid)[0] ?? ''

/** Whether a process has ended, even if nobody has waited for it yet. */
export const hasEnded = (pid: number): boolean => ['', 'Z'].includes(statOf(pid)[0] ?? '')

/** CPU time of a process and of the children that it has waited for, in clock ticks: 100 a second. */
export function cpuTicks(pid: number): { readonly own: number; readonly endedChildren: number } {
  const times = statOf(pid).slice(11, 15).map(Number)
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = times
  return { own: user + system, endedChildren: childrenUser + childrenSystem }
}

export const cpuTicksOf = (pid: number): number => cpuTicks(pid).own

/** Name of the program that a process runs. */
export const commandOf = (pid: number): string => processFile(pid, 'comm').trim()

export const allProcesses = (): number[] =>
  readdirSync('/proc').map(Number).filter(Number.isInteger)

/** Undefined once a process has ended. */
export function parentOf(pid: number): number | undefined {
  const parent = statOf(pid)[1]
  return parent === undefined ? undefined : Number(parent)
}

export const childrenOf = (parent: number): number[] =>
  allProcesses().filter((pid) => parentOf(pid) === parent)

/** Its children and theirs in turn. */
export function descendantsOf(root: number): number[] {
  const parents = new Map(allProcesses().map((pid) => [pid, parentOf(pid)]))
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid)
    return parent !== undefined && (parent === root || isBelow(parent))
  }
  return [...parents.keys()].filter(isBelow)
}

/** Processes with a text among their arguments or in their environment. */
export const processesWith = (text: string): number[] =>
  allProcesses().filter((pid) =>
    ['cmdline', 'environ'].some((name) => processFile(pid, name).includes(text)),
  )

/** Bytes that a process has read, from connections too. */
export const bytesReadBy = ({ pid }: Process): number =>
  Number(/rchar: (\d+)/.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1])

/** Memory that a process has, or the most that it has had, in MiB; 0 once it has ended. */
export function memoryIn(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const [, kB = 0] =
    new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(processFile(pid, 'status')) ?? []
  return Number(kB) / 1024
}

/** @throws Error once a process has ended, so that no bound is kept by having nothing */
function memoryOf({ pid }: Process, field: 'VmRSS' | 'VmHWM'): number {
  const memory = memoryIn(pid, field)
  if (memory === 0) throw new Error(`Process ${pid} has ended`)
  return memory
}

/** Memory that a process has, in MiB. */
export const memoryMiB = (process: Process): number => memoryOf(process, 'VmRSS')

/** The most that it has had. */
export const peakMemoryMiB = (process: Process): number => memoryOf(process, 'VmHWM')

export const descriptorsOf = ({ pid }: Process): number => readdirSync(`/proc/${pid}/fd`).length
