import { childrenOf, cpuTicks } from '../../tests/services/processes.ts'

const msPerTick = 10

/** Milliseconds of CPU time so far of this process and its children, those that have ended included. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  const ofChildren = childrenOf(process.pid).map((pid) => {
    const { own, endedChildren } = cpuTicks(pid)
    return own + endedChildren
  })
  const ticks = ofChildren.reduce((sum, each) => sum + each, cpuTicks(process.pid).endedChildren)
  return (user + system) / 1000 + ticks * msPerTick
}
