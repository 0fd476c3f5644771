import { gauge } from '../../functions/platform/telemetry/definitions.ts'

// What the rules of rules/slo.yaml record, by namespace.

const recorded = (name: string, help: string) => gauge({ name, help })

export const sloMetrics = {
  requests: recorded('namespace:ocr_requests:increase5m', 'Requests with a document'),
  failed: recorded('namespace:ocr_requests_failed:increase5m', 'Those that failed for us'),
  failedIn1h: recorded('namespace:ocr_requests_failed:ratio1h', 'Share of them in 1 h'),
  failedIn6h: recorded('namespace:ocr_requests_failed:ratio6h', 'Share of them in 6 h'),
  slowIn1h: recorded('namespace:ocr_requests_slow:ratio1h', 'Share of slow answers in 1 h'),
  slowIn6h: recorded('namespace:ocr_requests_slow:ratio6h', 'Share of slow answers in 6 h'),
} as const
