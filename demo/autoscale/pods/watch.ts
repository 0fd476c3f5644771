import { setTimeout as pause } from 'node:timers/promises'
import { Agent, type Dispatcher, request } from 'undici'
import type { PodSample, Pods } from '../recording.ts'
import { countPods, type ServiceNames } from './deployments.ts'
import { startProxy } from './kubectl-proxy.ts'

export interface WatchOptions {
  readonly namespace: string
  readonly names: ServiceNames
  /** Has KUBECONFIG, and kubectl in its PATH. */
  readonly environment: NodeJS.ProcessEnv
  /** Between two looks. */
  readonly everyMs?: number
  /** Without an answer for so long, there is no more looking. */
  readonly patienceMs?: number
  /** Ends the wait for the first sample. */
  readonly signal?: AbortSignal
}

/** Looks at the pods again and again, and gives up rather than disturb whoever looks at more than them. */
export interface PodWatch extends AsyncDisposable {
  /** Where `at` is of `performance.now()`, in seconds. */
  readonly samples: readonly PodSample[]
  /** The last sample, as long as there are new ones. */
  readonly latest: Pods | undefined
  /** Why there are no more samples; undefined as long as there are. */
  readonly lost: string | undefined
  /** Resolves when there is a first sample, or will be none, or nobody waits for it any more. */
  readonly begun: Promise<void>
}

const askMs = 2_000
const mostAnswerBytes = 16 * 2 ** 20

export function watchPods(options: WatchOptions): PodWatch {
  const { namespace, names, environment, everyMs = 500, patienceMs = 15_000 } = options
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments`
  const proxy = startProxy({ path, environment })
  const dispatcher = new Agent({
    connect: { socketPath: proxy.socketPath },
    maxResponseSize: mostAnswerBytes,
  })
  const closing = new AbortController()
  const samples: PodSample[] = []
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
  let lost: string | undefined

  const lose = (why: string) => {
    if (closing.signal.aborted) return
    lost = why
    closing.abort()
    begin()
  }
  const look = async () => {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(askMs)])
    const list = await listOf(path, dispatcher, signal)
    samples.push({ at: performance.now() / 1_000, ...countPods(list, names) })
    begin()
  }
  const run = async () => {
    let lastLook = performance.now()
    while (!closing.signal.aborted) {
      try {
        await look()
        lastLook = performance.now()
      } catch (error) {
        if (performance.now() - lastLook > patienceMs) lose(reasonOf(error))
      }
      await pause(everyMs, undefined, closing).catch(() => undefined)
    }
  }
  void proxy.ended.then(lose)
  options.signal?.addEventListener('abort', () => begin(), { once: true })
  const running = run()

  return {
    samples,
    begun,
    get latest() {
      return lost === undefined ? samples.at(-1) : undefined
    },
    get lost() {
      return lost
    },
    async [Symbol.asyncDispose]() {
      closing.abort()
      begin()
      await running
      await dispatcher.destroy()
      await proxy[Symbol.asyncDispose]()
    },
  }
}

async function listOf(path: string, dispatcher: Dispatcher, signal: AbortSignal): Promise<unknown> {
  const url = `http://localhost${path}`
  const { statusCode, body } = await request(url, { dispatcher, signal })
  const text = await body.text()
  if (statusCode !== 200) throw new Error(`the API server answered ${statusCode}`)
  return JSON.parse(text)
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'kubectl did not answer'
  if (error.name === 'TimeoutError') return 'kubectl did not answer in time'
  if ('code' in error && error.code === 'ENOENT') return 'kubectl did not begin to listen'
  const isForeign = error instanceof SyntaxError || error.name === 'ZodError'
  return isForeign ? 'kubectl answered with something else than Deployments' : error.message
}
