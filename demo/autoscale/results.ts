import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Summary } from './figures/summary.ts'
import { drawTimeline } from './picture/timeline.ts'
import type { Recording } from './recording.ts'

/** Makes sure before a long run that its results will have a folder. */
export const makeFolderFor = (picture: string): Promise<unknown> =>
  mkdir(dirname(picture), { recursive: true })

export const samplesFile = (picture: string): string => picture.replace(/\.svg$/, '.json')

/** Writes the picture of a run, and all its samples beside it. */
export async function writeResults(
  picture: string,
  recording: Recording,
  about: { summary: Summary; subject: string },
): Promise<void> {
  await writeFile(picture, drawTimeline(recording, about))
  const { subject, summary } = about
  await writeFile(samplesFile(picture), samplesOf(recording, { subject, summary }))
}

/** JSON with a line for each sample, times to the millisecond. */
function samplesOf(recording: Recording, head: Readonly<Record<string, unknown>>): string {
  const { startedAt, seconds, spans, answers, pods } = recording
  const write = (value: unknown) => JSON.stringify(value, milliseconds)
  const lines = (values: readonly unknown[]) =>
    values.map((value) => `\n    ${write(value)}`).join()
  const fields = Object.entries({ startedAt, seconds, ...head }).map(
    ([name, value]) => `  ${JSON.stringify(name)}: ${write(value)}`,
  )
  const lists = Object.entries({ spans, answers, pods }).map(
    ([name, values]) => `  ${JSON.stringify(name)}: [${lines(values)}\n  ]`,
  )
  return `{\n${[...fields, ...lists].join(',\n')}\n}\n`
}

/** For `JSON.stringify`: times in seconds need no more places. */
export const milliseconds = (_: string, value: unknown): unknown =>
  typeof value === 'number' ? Math.round(value * 1_000) / 1_000 : value
