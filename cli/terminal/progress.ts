import { SingleBar } from 'cli-progress'

/** How far one file is read. */
export interface FileProgress {
  /** Told as often as there is news; until then the file counts as one part. */
  update(progress: { done: number; total: number }): void
  finish(): void
}

export interface Progress {
  file(): FileProgress
  /** Does something that writes to the terminal, with the bar out of its way. */
  aside(work: () => void): void
  stop(): void
}

interface ProgressOptions {
  readonly stream: NodeJS.WritableStream & { isTTY?: boolean }
  readonly isQuiet: boolean
  readonly files: number
  /** What is counted. */
  readonly unit: 'pages' | 'files'
}

/** A bar on a terminal, and nothing anywhere else. */
export function createProgress({ stream, isQuiet, files, unit }: ProgressOptions): Progress {
  const bar = new SingleBar({
    stream,
    format: `[{bar}] {value}/{total} ${unit}`,
    barsize: 30,
    barCompleteChar: '=',
    barIncompleteChar: ' ',
    clearOnComplete: true,
    emptyOnZero: true,
    // Left as it is, whatever ends the process: the bar is shorter than a line.
    linewrap: true,
  })
  let [value, total] = [0, files]
  const show = () => bar.start(total, value)
  const isShown = !isQuiet && stream.isTTY === true && files > 0
  if (isShown) show()

  const file = (): FileProgress => {
    let part = { done: 0, total: 1 }
    const update = (next: typeof part) => {
      value += next.done - part.done
      total += next.total - part.total
      part = next
      bar.setTotal(total)
      bar.update(value)
    }
    return { update, finish: () => update({ done: part.total, total: part.total }) }
  }
  const stop = () => bar.stop()
  const aside = (work: () => void) => {
    stop()
    work()
    if (isShown) show()
  }
  return { file, aside, stop }
}
