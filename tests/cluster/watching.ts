import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Result } from '../observability/prometheus-api.ts'
import { install, kubectl, livingPredictors, namespace, replicas, untilZero } from './cluster.ts'
import { hasPrometheusOperator, prometheus } from './prometheus.ts'
import { type Answer, read } from './requests.ts'
import { within } from './within.ts'

const jobs = ['ocr-gateway', 'ocr-model']
const scraped = (job: string) => `up{namespace="${namespace}", job="${job}"} == 1`
const firing = (alert: string) =>
  `ALERTS{alertname="${alert}", alertstate="firing", namespace="${namespace}"}`

const some = async (expression: string): Promise<readonly Result[] | undefined> => {
  const samples = await prometheus.query(expression)
  return samples.length > 0 ? samples : undefined
}

/** Ends every engine in a pod of the model, as a crash would. */
const killEngines = (pod: string) => {
  const script =
    'for p in /proc/[0-9]*; do [ "$(cat $p/comm)" = tesseract ] && kill -9 "$(basename "$p")"; done 2>/dev/null; true'
  return kubectl('exec', pod, '--container', 'kserve-container', '--', 'sh', '-c', script)
}

/** Describes how Prometheus sees the services, if the cluster has it. */
export function describeWatching(invoice: Buffer): void {
  describe('is watched by Prometheus', () => {
    let isThere = false
    before(async () => {
      isThere = await hasPrometheusOperator()
      const values = 'observability.enabled=true,observability.interval=5s'
      if (isThere) assert.deepEqual(await install('--set', values), [])
    })
    const test = (name: string, run: (diagnostic: (text: string) => void) => Promise<void>) =>
      it(name, (t) => {
        if (!isThere) return t.skip('the cluster has no prometheus-operator')
        return run((text) => t.diagnostic(text))
      })

    test('which has loaded the rules', async () => {
      await within(120, 'the rules', async () => {
        const groups = (await prometheus.ruleGroups()).map(({ name }) => name)
        return ['ocr-slo-ratios', 'ocr-gateway', 'ocr-model'].every((name) => groups.includes(name))
          ? groups
          : undefined
      })
    })

    test('which fetches the metrics of both services while they have pods', async () => {
      const isOver = new AbortController()
      const reading = readUntil(isOver.signal, invoice)
      for (const job of jobs) await within(90, scraped(job), () => some(scraped(job)))
      const pages = `sum by (pod) (ocr_pages_total{namespace="${namespace}", outcome="read"}) > 0`
      await within(30, pages, () => some(pages))
      isOver.abort()
      await reading
      for (const sample of await prometheus.query(`ocr_build_info{namespace="${namespace}"}`)) {
        assert.ok(sample.metric['serving_knative_dev_revision'], JSON.stringify(sample))
      }
    })

    test('which neither keeps a pod nor wakes one', async (diagnostic) => {
      const start = performance.now()
      await untilZero()
      diagnostic(`at zero after ${Math.round((performance.now() - start) / 1000)} s`)
      for (let look = 0; look < 20; look++) {
        await pause(1_000)
        assert.deepEqual(await replicas(), { gateway: 0, model: 0 })
      }
      const targets = jobs.map((job) => `up{namespace="${namespace}", job="${job}"}`).join(' or ')
      await within(60, 'no target', async () => ((await some(targets)) ? undefined : true))
    })

    test('which fires an alert when engines crash again and again', async (diagnostic) => {
      assert.deepEqual(await prometheus.query(firing('OcrEngineCrashLoop')), [])
      const isOver = new AbortController()
      const reading = readUntil(isOver.signal, invoice)
      const start = performance.now()
      try {
        await within(120, firing('OcrEngineCrashLoop'), async () => {
          for (const pod of await livingPredictors()) await killEngines(pod).catch(() => undefined)
          return some(firing('OcrEngineCrashLoop'))
        })
        diagnostic(`firing after ${Math.round((performance.now() - start) / 1000)} s`)
      } finally {
        isOver.abort()
        await reading
      }
    })
  })
}

/** Reads one image after the other; whoever asks decides what their answers are worth. */
async function readUntil(signal: AbortSignal, image: Buffer): Promise<void> {
  const answers: Answer[] = []
  while (!signal.aborted) answers.push(await read(image))
  assert.ok(answers.some(({ status }) => status === 200))
}
