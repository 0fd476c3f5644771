import { type ChartSize, chart } from './chart.ts'
import { type Moment, statusLine } from './moment.ts'

/** Where a run is watched: the part of a `tty.WriteStream` that is used, so that a pipe does as well. */
export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
  hasColors?(): boolean
}

export interface Screen {
  /** Between two moments that are worth showing. */
  readonly everyMs: number
  show(moment: Moment): void
  /** Tells something that stays. */
  say(line: string): void
  /** Tells what came of it all; the last moment stays above it. */
  end(text: string): void
}

const leastColumns = 60
const leastRows = 30

/** A chart that is drawn anew each second on a terminal that has room for it; else a line now and then. */
export function createScreen(output: Output): Screen {
  const { isTTY = false, columns = 0, rows = 0 } = output
  return isTTY && columns >= leastColumns && rows >= leastRows ? liveScreen(output) : lines(output)
}

const lines = (output: Output): Screen => ({
  everyMs: 5_000,
  show: (moment) => void output.write(`${statusLine(moment)}\n`),
  say: (line) => void output.write(`${line}\n`),
  end: (text) => void output.write(`${text}\n`),
})

function liveScreen(output: Output): Screen {
  let drawnRows = 0
  /** Up to where the last drawing began, and all below away. */
  const clear = () => {
    if (drawnRows > 0) output.write(`\u001B[${drawnRows}A\r\u001B[J`)
    drawnRows = 0
  }
  return {
    everyMs: 1_000,
    show(moment) {
      const size: ChartSize = { columns: output.columns ?? leastColumns }
      const text = chart(moment, { ...size, hasColours: output.hasColors?.() ?? false })
      clear()
      output.write(`${text}\n`)
      drawnRows = text.split('\n').length
    },
    say(line) {
      clear()
      output.write(`${line}\n`)
    },
    end: (text) => void output.write(`${text}\n`),
  }
}
