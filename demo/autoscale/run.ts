import { type Client, createClient, type Target } from './load/ask.ts'
import { type Load, startLoad } from './load/open-loop.ts'
import { dueTimes, type Phase, spansOf } from './load/profile.ts'
import type { PodWatch } from './pods/watch.ts'
import { untilZero, wait } from './pods/zero.ts'
import { type Answer, hasPods, type PodSample, type Recording } from './recording.ts'
import type { Screen } from './screen/screen.ts'

export interface RunOptions {
  readonly target: Target
  readonly phases: readonly Phase[]
  readonly mostUnderWay: number
  /** Undefined where pods cannot be seen. */
  readonly pods: PodWatch | undefined
  /** Longest wait for pods to be gone, before the load and after it. */
  readonly zeroMs: number
  readonly screen: Screen
  readonly signal: AbortSignal
}

/** If none of so many is read, there is nobody who could read. */
const hopelessAnswers = 5
/** What is seen of the time in which there are no pods any more. */
const afterZeroMs = 3_000

/**
 * Puts the load of the phases on a gateway, from the time at which there are no pods until they are gone again.
 * @throws Error when the first requests have all failed, and the reason of the signal when that is aborted
 */
export async function runDemo(options: RunOptions): Promise<Recording> {
  const { target, phases, pods, screen } = options
  await beginAtZero(options)
  const stopping = new AbortController()
  const signal = AbortSignal.any([options.signal, stopping.signal])
  const startedAt = new Date()
  const begin = performance.now() / 1_000
  const clock = () => performance.now() / 1_000 - begin
  await using client = createClient(target, clock, signal)
  const answers: Answer[] = []
  const send = () => ask(client, answers, stopping)
  const load = startLoad({ ...options, dueTimes: dueTimes(phases), send, clock, signal })
  const seen = () => ({
    spans: spansOf(phases, clock()),
    pods: samplesFrom(begin, pods?.samples ?? []),
    answers,
  })
  using _ = ticker(screen, () => screen.show({ at: clock(), underWay: load.underWay, ...seen() }))
  const secondsLeft = () => phases.reduce((sum, { seconds }) => sum + seconds, 0) - clock()
  await endAtZero({ ...options, signal }, load, secondsLeft)
  const { heldBack, mostLate } = load
  return { startedAt, seconds: clock(), heldBack, mostLate, ...seen() }
}

async function beginAtZero({ pods, zeroMs, screen, signal }: RunOptions): Promise<void> {
  await pods?.begun
  if (!pods) screen.say('Pods are not counted: KUBECONFIG is not set.')
  else if (pods.lost) screen.say(`Pods are not counted: ${pods.lost}.`)
  else if (pods.latest && hasPods(pods.latest)) screen.say('Waiting until there are no pods …')
  if (await untilZero({ pods, zeroMs, signal })) return
  screen.say(`Pods are still there after ${zeroMs / 1_000} s, so this does not begin at zero.`)
}

async function ask(client: Client, answers: Answer[], stopping: AbortController): Promise<void> {
  const answer = await client.ask()
  if (answer) answers.push(answer)
  if (answers.length !== hopelessAnswers) return
  if (answers.some(({ outcome }) => outcome !== 'failed')) return
  const why = `None of the first ${hopelessAnswers} requests was read: ${answers[0]?.why}.`
  stopping.abort(new Error(why))
}

async function endAtZero(
  { pods, zeroMs, screen, signal }: RunOptions,
  load: Load,
  secondsLeft: () => number,
): Promise<void> {
  await load.ended
  await wait(secondsLeft() * 1_000, signal)
  if (!(await untilZero({ pods, zeroMs, signal }))) {
    screen.say(`Pods are still there ${zeroMs / 1_000} s after the load.`)
  }
  if (pods?.latest) await wait(afterZeroMs, signal)
}

/** The samples since the begin, and the one before it, which tells how things were then. */
function samplesFrom(begin: number, samples: readonly PodSample[]): PodSample[] {
  const before = samples.findLastIndex(({ at }) => at <= begin)
  // Those that are all older are of a watch that was given up before.
  if (before === samples.length - 1) return []
  return samples
    .slice(Math.max(0, before))
    .map((sample) => ({ ...sample, at: Math.max(0, sample.at - begin) }))
}

function ticker({ everyMs }: Screen, show: () => void): Disposable {
  const timer = setInterval(show, everyMs)
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
