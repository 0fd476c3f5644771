/** One line of metrics in the text format of Prometheus. */
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export interface Exposition {
  readonly samples: readonly Sample[]
  /** `counter`, `gauge` or `histogram`, by the name of the metric. */
  readonly types: ReadonlyMap<string, string>
}

const sampleLine = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: \d+)?$/
const label = /([A-Za-z_]\w*)="((?:\\.|[^"\\])*)",?/g
const escapes: Readonly<Record<string, string>> = { '\\n': '\n', '\\"': '"', '\\\\': '\\' }

/** @throws Error for a line that is none of the format */
export function parseExposition(text: string): Exposition {
  const samples: Sample[] = []
  const types = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [, typed = '', type = ''] = /^# TYPE (\S+) (\w+)$/.exec(line) ?? []
    if (typed) types.set(typed, type)
    if (line === '' || line.startsWith('#')) continue
    const [, name, labels = '', value = ''] = sampleLine.exec(line) ?? []
    if (!name || labels.replaceAll(label, '') !== '') throw new Error(`No sample: ${line}`)
    samples.push({ name, labels: labelsIn(labels), value: numberIn(value) })
  }
  return { samples, types }
}

const labelsIn = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(label)].map(([, name = '', value = '']) => [
      name,
      value.replaceAll(/\\[n"\\]/g, (escaped) => escapes[escaped] ?? escaped),
    ]),
  )

const numberIn = (text: string): number =>
  /inf$/i.test(text) ? Number.POSITIVE_INFINITY * (text.startsWith('-') ? -1 : 1) : Number(text)

/** What is served under a URL of metrics. */
export async function fetchExposition(url: string): Promise<Exposition> {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`)
  return parseExposition(await answer.text())
}

/** What tells a series from all others. */
export const seriesKey = ({ name, labels }: Pick<Sample, 'name' | 'labels'>): string =>
  name +
  JSON.stringify(Object.entries(labels).toSorted(([one], [other]) => one.localeCompare(other)))

/** The metric that a series belongs to: itself, or the histogram whose bucket, sum or count it is. */
export function familyOf(name: string, types: Exposition['types']): string {
  const family = name.replace(/_(?:bucket|sum|count)$/, '')
  return types.get(family) === 'histogram' ? family : name
}
