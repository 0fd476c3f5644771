import { allProcesses, parentOf, processFile } from '../services/processes.ts'

/** A process that has been seen. */
export interface SeenProcess {
  /** Of the program that it ran. */
  readonly name: string
  readonly args: readonly string[]
}

export interface ProcessWatch extends Disposable {
  /** Every program that was run below the watched processes, once for each list of arguments. */
  readonly seen: readonly SeenProcess[]
}

/**
 * Looks every few milliseconds at what processes have started, and what those have started in turn. What lives for
 * less than that may be missed.
 */
export function watchProcesses(roots: readonly number[], everyMs = 5): ProcessWatch {
  const seen = new Map<string, SeenProcess>()
  const below = new Set(roots)
  const others = new Set<number>()
  /** Processes that are new, or have been found below the roots. */
  const ofInterest = () =>
    allProcesses()
      .filter((pid) => !others.has(pid))
      // Ids are given in the order in which processes are started, so that a parent comes before its children.
      .sort((a, b) => a - b)
  const sort = (pid: number) => {
    const parent = parentOf(pid)
    if (below.has(pid) || parent === undefined) return
    if (below.has(parent)) below.add(pid)
    else others.add(pid)
  }
  ofInterest().forEach(sort)
  const before = new Set(below)
  // A process that has been forked is a copy of its parent until it runs a program.
  const copies = new Set(['', ...roots.map((root) => processFile(root, 'cmdline'))])

  const look = () => {
    for (const pid of ofInterest()) {
      sort(pid)
      const line = processFile(pid, 'cmdline')
      if (!below.has(pid) || before.has(pid) || copies.has(line)) continue
      const name = processFile(pid, 'comm').trim()
      seen.set(`${name} ${line}`, { name, args: line.split('\0').slice(0, -1) })
    }
  }
  const timer = setInterval(look, everyMs)
  return {
    get seen() {
      return [...seen.values()]
    },
    [Symbol.dispose]: () => clearInterval(timer),
  }
}
