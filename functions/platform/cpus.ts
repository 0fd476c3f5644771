import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/**
 * CPUs that this process may use: those of the machine, less what affinity and the cgroup's quota
 * take away; at least 1. libuv knows the quota of cgroup v2, and of v1 only where the `cpu` and
 * `cpuacct` controllers are mounted together, so both are read here.
 */
export function allottedCpus(cgroupRoot = '/sys/fs/cgroup', parallelism = availableParallelism()) {
  const quota = quotaV2(`${cgroupRoot}/cpu.max`) ?? quotaV1(`${cgroupRoot}/cpu`)
  return Math.max(1, Math.min(parallelism, Math.floor(quota ?? parallelism)))
}

/** "200000 100000" is two CPUs, "max 100000" is no limit. */
function quotaV2(path: string): number | undefined {
  const [quota, period] = read(path).split(' ').map(Number)
  return ratio(quota, period)
}

function quotaV1(directory: string): number | undefined {
  return ratio(
    Number(read(`${directory}/cpu.cfs_quota_us`)),
    Number(read(`${directory}/cpu.cfs_period_us`)),
  )
}

const ratio = (quota = Number.NaN, period = Number.NaN): number | undefined =>
  quota > 0 && period > 0 ? quota / period : undefined

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return ''
  }
}
