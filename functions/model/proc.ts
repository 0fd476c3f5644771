import { readFileSync } from 'node:fs'

/** What the kernel tells of processes; undefined where it tells nothing, or the process is gone. */
export interface Proc {
  residentBytes(pid: number): number | undefined
  cpu(pid: number | 'self'): ProcessCpu | undefined
}

interface ProcessCpu {
  readonly parent: number
  /** CPU time of the process itself, in seconds. */
  readonly own: number
  /** Of its children that have ended and have been waited for, and of theirs. */
  readonly ended: number
}

/** USER_HZ: the same on every platform that Node runs on, whatever the kernel itself counts by. */
const ticksPerSecond = 100

/** Reads files that are made when they are read, so nothing is waited for. */
export function createProc(directory = '/proc'): Proc {
  const read = (pid: number | 'self', file: string): string => {
    try {
      return readFileSync(`${directory}/${pid}/${file}`, 'latin1')
    } catch {
      return ''
    }
  }
  return {
    residentBytes(pid) {
      // Unlike `statm` it does not count in pages, whose size is not the same everywhere.
      const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(read(pid, 'status'))?.[1]
      return kibibytes === undefined ? undefined : Number(kibibytes) * 1024
    },
    cpu(pid) {
      // The name of the program, in parentheses, may hold whatever follows it.
      const [, fields] = /.*\) (.+)/s.exec(read(pid, 'stat')) ?? []
      if (fields === undefined) return undefined
      const [, parent = 0, ...rest] = fields.split(' ').map(Number)
      const [user = 0, system = 0, childUser = 0, childSystem = 0] = rest.slice(9)
      return {
        parent,
        own: (user + system) / ticksPerSecond,
        ended: (childUser + childSystem) / ticksPerSecond,
      }
    },
  }
}
