import { createPrometheusApi, type PrometheusApi } from './prometheus-api.ts'
import {
  createPrometheusFolder,
  type PrometheusOptions,
  type PrometheusProcess,
} from './prometheus-process.ts'

/** A real Prometheus of the test's own. */
export interface Prometheus extends PrometheusApi {
  /**
   * Stops it, and starts it again with more samples.
   * @param samples in OpenMetrics, older than all that it has
   */
  restartWith(samples: string): Promise<void>
  /** Ends it, and removes all that it has kept. */
  stop(): Promise<void>
}

export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const folder = createPrometheusFolder(options)
  let running: PrometheusProcess = await folder.start()
  return {
    ...createPrometheusApi(() => running.origin),
    async restartWith(samples) {
      await running.stop()
      folder.add(samples)
      running = await folder.start()
    },
    async stop() {
      await running.stop()
      folder.remove()
    },
  }
}
