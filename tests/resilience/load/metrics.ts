import { fetchExposition } from '../../observability/exposition.ts'
import type { Service } from '../../services/start.ts'

/** The value of a metric of a service; the sum of its series that have these labels, 0 without any. */
export async function metricOf(
  service: Service,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number> {
  const { samples } = await fetchExposition(await service.metricsUrl())
  const wanted = Object.entries(labels)
  return samples
    .filter((sample) => sample.name === name)
    .filter((sample) => wanted.every(([label, value]) => sample.labels[label] === value))
    .reduce((sum, { value }) => sum + value, 0)
}

/** Engines that ended by themselves. */
export const engineDeaths = (model: Service): Promise<number> =>
  metricOf(model, 'ocr_engine_processes_ended_total', { reason: 'crashed' })
