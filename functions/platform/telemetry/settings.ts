import { integer, oneOf, text } from '../settings.ts'

const common = {
  metricsPort: integer({
    name: 'OCR_METRICS_PORT',
    help: 'Port of `/metrics` for Prometheus',
    fallback: 9464,
    min: 0,
    max: 65_535,
  }),
  sdkDisabled: oneOf({
    name: 'OTEL_SDK_DISABLED',
    help: '`true` for neither metrics nor traces',
    fallback: 'false',
    values: ['false', 'true'],
  }),
  metricsExporter: text({
    name: 'OTEL_METRICS_EXPORTER',
    help: 'Where metrics go: `prometheus` has them fetched, `otlp` sends them',
    fallback: 'prometheus',
    pattern: /^(?:none|prometheus|otlp|prometheus,otlp|otlp,prometheus)$/,
    range: 'prometheus, otlp, both with a comma between them, none',
  }),
  metricIntervalMs: integer({
    name: 'OTEL_METRIC_EXPORT_INTERVAL',
    help: 'Milliseconds between two sendings of metrics by OTLP; they are sent at the end as well',
    fallback: 60_000,
    min: 100,
    max: 3_600_000,
  }),
  tracesExporter: oneOf({
    name: 'OTEL_TRACES_EXPORTER',
    help: '`otlp` sends traces',
    fallback: 'none',
    values: ['none', 'otlp'],
  }),
  traceShare: text({
    name: 'OTEL_TRACES_SAMPLER_ARG',
    help: 'Share of the requests that are traced, where the caller has not decided',
    fallback: '1',
    pattern: /^(?:0|1|0?\.\d{1,9}|[01]\.0+)$/,
    range: '0–1',
  }),
  // Read by the SDK itself; here it is checked and told.
  otlpEndpoint: text({
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    help: 'Receiver of OTLP over HTTP; the other `OTEL_EXPORTER_OTLP_*` variables are honoured, too',
    fallback: 'http://localhost:4318',
    pattern: /^https?:\/\/[^\s/]+(?:\/\S*)?$/,
    range: 'an http or https URL',
  }),
}

/** What a service tells of itself; the names are those of OpenTelemetry where it has them. */
export const telemetrySettings = ({ serviceName }: { serviceName: string }) => ({
  ...common,
  serviceName: text({
    name: 'OTEL_SERVICE_NAME',
    help: 'Name of the service in what is sent; others of `OTEL_RESOURCE_ATTRIBUTES` are added',
    fallback: serviceName,
    pattern: /^[\w.-]{1,128}$/,
    range: 'a word',
  }),
})
