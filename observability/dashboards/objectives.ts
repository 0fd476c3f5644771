/** What the service promises, as rules/slo.yaml has it, and when the promise is in danger. */
export const objectives = {
  window: '30d',
  /** Share of requests that may fail for a reason of ours. */
  failedShare: 0.005,
  /** Share of answers that may take longer. */
  slow: { share: 0.05, seconds: 5 },
  /**
   * How many times faster than evenly that may be used up before somebody is called: 2 % of it in an hour, or 5 % in six
   * (Google's SRE Workbook, "Alerting on SLOs").
   */
  burnRates: { in1h: 14.4, in6h: 6 },
} as const
