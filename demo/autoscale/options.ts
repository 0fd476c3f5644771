import { parseArgs } from 'node:util'
import { type Profile, phasesOf, profiles, requestsOf } from './load/profile.ts'
import type { ServiceNames } from './pods/deployments.ts'

/** What the command line asks for. */
export interface Options {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly image: string
  readonly profile: Profile
  readonly mostUnderWay: number
  readonly timeoutMs: number
  readonly namespace: string
  readonly names: ServiceNames
  /** Longest wait for pods to be gone, before the run and after it. */
  readonly zeroMs: number
  /** Of the picture; the samples stand beside it. */
  readonly out: string
  readonly isJson: boolean
}

/** The command line is not one; the message says what it may be. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const usage = `npm run demo:autoscale -- [FLAGS]

  --url URL            the gateway, or the very route to post to (default: $OCR_URL or http://127.0.0.1:8001)
  --host NAME          header Host, for an ingress that is called by its address
  --key KEY            key of the gateway (default: $OCR_KEY)
  --image FILE         what is read (default: examples/invoice.png)
  --profile NAME       default or short
  --idle SECONDS       without requests, before and after; of the profile
  --ramp SECONDS       climb from nothing to half of the rate
  --burst SECONDS      all of the rate
  --rate N             requests per second in the burst
  --under-way N        most requests at once; more are held back (default: 100)
  --timeout SECONDS    for one request (default: 60)
  --namespace NAME     where the pods are (default: ocr); looked at if KUBECONFIG is set
  --gateway NAME       the Knative Service (default: ocr-gateway)
  --model NAME         the InferenceService (default: ocr-model)
  --zero-wait SECONDS  longest wait for pods to be gone, before and after (default: 180)
  --out FILE           the picture; the samples go beside it, as .json (default: .cache/autoscaling.svg)
  --json               one line of JSON on standard output, all else on standard error`

const text = { type: 'string' } as const
export const flags = {
  ...{ url: text, host: text, key: text, image: text, profile: text, idle: text, ramp: text },
  ...{ burst: text, rate: text, 'under-way': text, timeout: text, namespace: text },
  ...{ gateway: text, model: text, 'zero-wait': text, out: text },
  json: { type: 'boolean' },
} as const

const mostSeconds = 3_600
const mostUnderWay = { otherwise: 100, min: 1, max: 1_000 }
/** All of them are kept, and written down. */
const mostRequests = 50_000

/**
 * @param environment has OCR_URL and OCR_KEY, if there are any
 * @throws UsageError
 */
export function parseOptions(args: readonly string[], environment: NodeJS.ProcessEnv): Options {
  const values = parsed(args)
  const key = values.key ?? environment['OCR_KEY']
  const seconds = (name: keyof typeof values, value: unknown, otherwise: number) =>
    numberIn(name, value, { otherwise, min: 1, max: mostSeconds })
  const { idle, ramp, burst, rate } = profileNamed(values.profile ?? 'default')
  const profile = {
    idle: seconds('idle', values.idle, idle),
    ramp: seconds('ramp', values.ramp, ramp),
    burst: seconds('burst', values.burst, burst),
    rate: numberIn('rate', values.rate, { otherwise: rate, min: 0.1, max: 1_000 }),
  }
  if (requestsOf(phasesOf(profile)) > mostRequests) {
    throw new UsageError(`The phases have more than ${mostRequests} requests in all.`)
  }
  return {
    url: routeOf(values.url ?? environment['OCR_URL'] ?? 'http://127.0.0.1:8001'),
    headers: {
      'content-type': 'application/octet-stream',
      ...(key && { authorization: `Bearer ${key}` }),
      ...(values.host && { host: values.host }),
    },
    image: values.image ?? 'examples/invoice.png',
    profile,
    mostUnderWay: numberIn('under-way', values['under-way'], mostUnderWay),
    timeoutMs: seconds('timeout', values.timeout, 60) * 1_000,
    namespace: dnsLabel('namespace', values.namespace ?? 'ocr'),
    names: { gateway: values.gateway ?? 'ocr-gateway', model: values.model ?? 'ocr-model' },
    zeroMs: seconds('zero-wait', values['zero-wait'], 180) * 1_000,
    out: pictureFile(values.out ?? '.cache/autoscaling.svg'),
    isJson: values.json ?? false,
  }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function profileNamed(name: string): Profile {
  if (name === 'default' || name === 'short') return profiles[name]
  throw new UsageError(`--profile is "${name}", but must be: default or short`)
}

/** A URL without a path is the gateway's, and its route for documents is meant. */
function routeOf(value: string): URL {
  const url = URL.parse(value)
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`--url is "${value}", but must be: an http or https URL`)
  }
  return url.pathname === '/' && url.search === '' ? new URL('/v1/ocr?detail=text', url) : url
}

function numberIn(
  name: string,
  value: unknown,
  { otherwise, min, max }: { otherwise: number; min: number; max: number },
): number {
  if (value === undefined) return otherwise
  const number = value === '' ? Number.NaN : Number(value)
  if (number >= min && number <= max) return number
  throw new UsageError(`--${name} is "${value}", but must be: a number from ${min} to ${max}`)
}

function dnsLabel(name: string, value: string): string {
  if (/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(value)) return value
  throw new UsageError(`--${name} is "${value}", but must be: a name of Kubernetes`)
}

function pictureFile(value: string): string {
  if (value.endsWith('.svg')) return value
  throw new UsageError(`--out is "${value}", but must be: a file whose name ends in .svg`)
}
