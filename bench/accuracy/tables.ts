/** How a contender did on one document. */
export interface Score {
  readonly contender: string
  readonly className: string
  readonly f1: number
  readonly cer: number
  readonly ms: number
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** Of a contender over documents; `f1` and `cer` go from 0 to 1. */
export interface Means {
  readonly f1: number
  readonly cer: number
  readonly ms: number
}

export function meansOf(scores: readonly Score[], contender: string, className?: string): Means {
  const own = scores.filter(
    (score) => score.contender === contender && (!className || score.className === className),
  )
  return {
    f1: mean(own.map(({ f1 }) => f1)),
    cer: mean(own.map(({ cer }) => cer)),
    ms: mean(own.map(({ ms }) => ms)),
  }
}

const percent = (value: number): string => (100 * value).toFixed(1)

const markdown = (head: readonly string[], rows: ReadonlyArray<readonly string[]>): string =>
  [head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')

/**
 * Word F1, character error rate (both in percent) and CPU time, which is compared with that of the
 * contender before; each class a row.
 */
export function tableByClass(
  scores: readonly Score[],
  classes: readonly string[],
  contenders: readonly string[],
): string {
  const head = contenders.flatMap((name, index) => [
    `${name}: F1`,
    'CER',
    index === 0 ? 'CPU ms' : `CPU / ${contenders[index - 1]}`,
  ])
  const row = (title: string, className?: string) => {
    const means = contenders.map((name) => meansOf(scores, name, className))
    const cells = means.flatMap(({ f1, cer, ms }, index) => {
      const before = means[index - 1]
      return [percent(f1), percent(cer), before ? (ms / before.ms).toFixed(2) : ms.toFixed(0)]
    })
    return [title, ...cells]
  }
  const rows = classes.map((className) => row(className, className))
  return markdown(['class', ...head], [...rows, row('**all**')])
}

/** Word F1 over all and by class; the first contender in full, the others as differences to it. */
export function tableOfMeans(
  scores: readonly Score[],
  classes: readonly string[],
  contenders: readonly string[],
): string {
  const columns = [undefined, ...classes]
  const whole = contenders[0] ?? ''
  const { ms: wholeMs } = meansOf(scores, whole)
  const rows = contenders.map((name) => {
    const cells = columns.map((className) => {
      const reference = meansOf(scores, whole, className).f1
      const { f1 } = meansOf(scores, name, className)
      if (name === whole) return percent(f1)
      const difference = percent(f1 - reference)
      return difference.startsWith('-') ? difference : `+${difference}`
    })
    return [name, ...cells, (meansOf(scores, name).ms / wholeMs).toFixed(2)]
  })
  return markdown(['word F1', 'all', ...classes, 'CPU'], rows)
}
