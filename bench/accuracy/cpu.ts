import { readdirSync, readFileSync } from 'node:fs'

/** Ticks per second in /proc, whatever the kernel's own clock does. */
const ticksPerSecond = 100

/** CPU time so far of this process and its children, those that have ended included. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  const own = (user + system) / 1000
  const { ended } = timesOf('self') ?? { ended: 0 }
  const living = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(timesOf)
    .filter((times) => times?.parent === process.pid)
    .reduce((sum, times) => sum + (times ? times.used + times.ended : 0), 0)
  return own + ended + living
}

/** Milliseconds that a process used, and those of its children that it has waited for. */
function timesOf(name: string) {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
    // The program's name stands in parentheses and may hold spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const sum = (at: number) =>
      ((Number(fields[at]) + Number(fields[at + 1])) * 1000) / ticksPerSecond
    return { parent: Number(fields[1]), used: sum(11), ended: sum(13) }
  } catch {
    return undefined // It ended while we looked.
  }
}
