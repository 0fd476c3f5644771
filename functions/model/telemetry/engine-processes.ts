import type { StartedProcess } from '../engine/warm.ts'
import type { ModelInstruments } from '../metrics.ts'
import type { Proc } from '../proc.ts'

type ProcessInstruments = Pick<
  ModelInstruments,
  'processesStarted' | 'processesEnded' | 'engineProcesses' | 'engineMemory' | 'programCpu'
>

/**
 * Counts the processes of the engine, and what they take.
 * @returns what is to be told of every process when it has been started
 */
export function observeProcesses(
  instruments: ProcessInstruments,
  proc: Proc,
): (process: StartedProcess) => void {
  const { processesStarted, processesEnded, engineProcesses, engineMemory } = instruments
  const live = new Set<StartedProcess>()

  engineProcesses.observe((tell) => {
    for (const { lang } of live) tell(1, { lang })
  })
  engineMemory.observe((tell) => {
    for (const { pid, lang } of live) {
      const bytes = proc.residentBytes(pid)
      if (bytes !== undefined) tell(bytes, { lang })
    }
  })
  observeCpu(instruments.programCpu, live, proc)

  return (started) => {
    live.add(started)
    processesStarted.record(1)
    void started.ended.then((reason) => {
      live.delete(started)
      processesEnded.record(1, { reason })
    })
  }
}

/**
 * The kernel counts the time of a child for us when it has ended. An engine runs for hours, and so its time is
 * taken from itself until then.
 */
function observeCpu(
  programCpu: ProcessInstruments['programCpu'],
  live: ReadonlySet<StartedProcess>,
  proc: Proc,
): void {
  let most = 0
  programCpu.observe((tell) => {
    const self = proc.cpu('self')
    if (!self) return
    const engines = [...live]
      .map(({ pid }) => proc.cpu(pid))
      // Its number may be another's by now.
      .filter((cpu) => cpu?.parent === process.pid)
    const seconds = engines.reduce((sum, cpu) => sum + (cpu?.own ?? 0), self.ended)
    // A sum never falls, however the kernel rounds.
    most = Math.max(most, seconds)
    tell(most)
  })
}
