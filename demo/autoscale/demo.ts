import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { summaryOf } from './figures/summary.ts'
import { phasesOf } from './load/profile.ts'
import type { Options } from './options.ts'
import { watchPods } from './pods/watch.ts'
import { makeFolderFor, milliseconds, samplesFile, writeResults } from './results.ts'
import { runDemo } from './run.ts'
import { createScreen, type Output } from './screen/screen.ts'
import { summaryText } from './screen/summary-text.ts'

interface Surroundings {
  readonly environment: NodeJS.ProcessEnv
  readonly stdout: Output
  readonly stderr: Output
  readonly signal: AbortSignal
}

/**
 * Runs the demo from its options to its files.
 * @returns whether requests were read, and none failed
 * @throws Error when a file cannot be read or written, or the run itself fails; see {@link runDemo}
 */
export async function demonstrate(
  options: Options,
  { environment, stdout, stderr, signal }: Surroundings,
): Promise<boolean> {
  const { url, headers, timeoutMs, profile, mostUnderWay, namespace, names, zeroMs, out } = options
  const image = await readFile(options.image)
  await makeFolderFor(out)
  const screen = createScreen(options.isJson ? stderr : stdout)
  const canSeePods = Boolean(environment['KUBECONFIG'])
  await using pods = canSeePods ? watchPods({ namespace, names, environment, signal }) : undefined
  const recording = await runDemo({
    target: { url, headers, image, timeoutMs },
    phases: phasesOf(profile),
    ...{ mostUnderWay, pods, zeroMs, screen, signal },
  })
  if (pods?.lost) screen.say(`Pods were not counted to the end: ${pods.lost}.`)
  const summary = summaryOf(recording)
  const subject = `${basename(options.image)} (${Math.ceil(image.length / 1_000)} kB), up to ${profile.rate} requests per second`
  await writeResults(out, recording, { summary, subject })
  screen.end(`${summaryText(summary, recording.answers)}\nwritten: ${out}, ${samplesFile(out)}`)
  const line = { command: 'demo:autoscale', ...summary }
  if (options.isJson) stdout.write(`${JSON.stringify(line, milliseconds)}\n`)
  return summary.failed === 0 && summary.read > 0
}
