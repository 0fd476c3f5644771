import { childrenOf, cpuTicksOf, cpuTicksOfEndedChildren } from '../../tests/services/processes.ts'

/** Milliseconds of CPU time so far of this process and its children, those that have ended included. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  const ofChildren = childrenOf(process.pid).map(
    (pid) => cpuTicksOf(pid) + cpuTicksOfEndedChildren(pid),
  )
  const ticks = ofChildren.reduce((sum, each) => sum + each, cpuTicksOfEndedChildren(process.pid))
  return (user + system) / 1000 + ticks * 10
}
