import type { IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { startServer } from '../services/http-server.ts'

type Attributes = Readonly<Record<string, unknown>>

export interface ReceivedSpan {
  readonly service: string
  readonly name: string
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer'
  readonly traceId: string
  readonly spanId: string
  /** Absent for the first span of a trace. */
  readonly parentSpanId: string | undefined
  readonly traceState: string | undefined
  readonly links: ReadonlyArray<{ readonly traceId: string; readonly spanId: string }>
  readonly attributes: Attributes
  readonly isError: boolean
  /** Milliseconds since 1970. */
  readonly start: number
  readonly end: number
}

export interface ReceivedMetric {
  readonly service: string
  readonly name: string
  readonly unit: string
  readonly attributes: Attributes
  /** Of a histogram it is the number of its values. */
  readonly value: number
}

export interface OtlpReceiver extends AsyncDisposable {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly endpoint: string
  /** All that came, oldest first. */
  readonly spans: readonly ReceivedSpan[]
  readonly metrics: readonly ReceivedMetric[]
  /** Paths of the requests that came. */
  readonly requests: readonly string[]
}

/** Takes in what OpenTelemetry's exporters send by OTLP over HTTP in JSON. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = []
  const metrics: ReceivedMetric[] = []
  const requests: string[] = []
  const server = await startServer(async (request, response) => {
    const { url = '' } = request
    requests.push(url)
    const sent: unknown = JSON.parse(await readText(request))
    if (url === '/v1/traces') spans.push(...spansOf(sent as SentTraces))
    else if (url === '/v1/metrics') metrics.push(...metricsOf(sent as SentMetrics))
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  return {
    endpoint: server.origin,
    spans,
    metrics,
    requests,
    [Symbol.asyncDispose]: server.stop,
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  const body = await buffer(request)
  const isZipped = request.headers['content-encoding'] === 'gzip'
  return (isZipped ? gunzipSync(body) : body).toString()
}

interface KeyValue {
  readonly key: string
  /** Its one property is named after its type. */
  readonly value: Readonly<Record<string, unknown>>
}

interface SentResource {
  readonly resource?: { readonly attributes?: readonly KeyValue[] }
}

interface SentSpan extends Pick<ReceivedSpan, 'name' | 'traceId' | 'spanId'> {
  readonly kind: number
  readonly parentSpanId?: string
  readonly traceState?: string
  readonly links?: ReceivedSpan['links']
  readonly attributes?: readonly KeyValue[]
  readonly status?: { readonly code?: number }
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
}

interface SentTraces {
  readonly resourceSpans: ReadonlyArray<
    SentResource & { readonly scopeSpans: ReadonlyArray<{ readonly spans: readonly SentSpan[] }> }
  >
}

interface SentPoints {
  readonly dataPoints: ReadonlyArray<{
    readonly attributes?: readonly KeyValue[]
    /** A number or its digits. */
    readonly asInt?: unknown
    readonly asDouble?: unknown
    readonly count?: unknown
  }>
}

interface SentMetric {
  readonly name: string
  readonly unit?: string
  readonly sum?: SentPoints
  readonly gauge?: SentPoints
  readonly histogram?: SentPoints
}

interface SentMetrics {
  readonly resourceMetrics: ReadonlyArray<
    SentResource & {
      readonly scopeMetrics: ReadonlyArray<{ readonly metrics: readonly SentMetric[] }>
    }
  >
}

const kinds = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'] as const
const errorCode = 2

const attributesOf = (pairs: readonly KeyValue[] = []): Attributes =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, Object.values(value)[0]]))

const serviceOf = ({ resource }: SentResource): string =>
  String(attributesOf(resource?.attributes)['service.name'])

const spansOf = ({ resourceSpans }: SentTraces): ReceivedSpan[] =>
  resourceSpans.flatMap((sent) =>
    sent.scopeSpans
      .flatMap(({ spans }) => spans)
      .map((span) => ({
        service: serviceOf(sent),
        name: span.name,
        kind: kinds[span.kind] ?? 'internal',
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId || undefined,
        traceState: span.traceState || undefined,
        links: (span.links ?? []).map(({ traceId, spanId }) => ({ traceId, spanId })),
        attributes: attributesOf(span.attributes),
        isError: span.status?.code === errorCode,
        start: Number(span.startTimeUnixNano) / 1e6,
        end: Number(span.endTimeUnixNano) / 1e6,
      })),
  )

const metricsOf = ({ resourceMetrics }: SentMetrics): ReceivedMetric[] =>
  resourceMetrics.flatMap((sent) =>
    sent.scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .flatMap(({ name, unit = '', sum, gauge, histogram }) =>
        [sum, gauge, histogram]
          .flatMap((points) => points?.dataPoints ?? [])
          .map(({ attributes, asInt, asDouble, count }) => ({
            service: serviceOf(sent),
            name,
            unit,
            attributes: attributesOf(attributes),
            value: Number(asInt ?? asDouble ?? count),
          })),
      ),
  )
