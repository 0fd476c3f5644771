import { Counter, collectDefaultMetrics, Registry } from 'prom-client'

// Loaded late: see telemetry.ts.

/** Sums that are named like counters; what they sum up is told by its type as well. */
const misnamed = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
]

/** Metrics of Node and of the process, by the names that they have everywhere. */
export function createProcessMetrics(): Registry {
  const registry = new Registry()
  const { user, system } = process.cpuUsage()
  collectDefaultMetrics({ register: registry })
  for (const name of misnamed) registry.removeSingleMetric(name)
  // They are counted from now on, but what the start took belongs to them.
  for (const [name, microseconds] of Object.entries({
    process_cpu_user_seconds_total: user,
    process_cpu_system_seconds_total: system,
    process_cpu_seconds_total: user + system,
  })) {
    const metric = registry.getSingleMetric(name)
    if (metric instanceof Counter) metric.inc(microseconds / 1e6)
  }
  return registry
}
