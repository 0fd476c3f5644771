import { readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, relative } from 'node:path'

/**
 * Who may import whom: a file is bound by the first row whose folder it is in. `ours` lists folders or
 * files below functions/; a row may always import from its own folder.
 */
const folderRules: ReadonlyArray<{ folder: string; ours: readonly string[] }> = [
  { folder: 'contract/', ours: [] },
  { folder: 'platform/', ours: ['contract/errors.ts'] },
  { folder: 'gateway/access/', ours: ['contract/', 'platform/'] },
  { folder: 'gateway/intake/', ours: ['contract/', 'platform/'] },
  { folder: 'gateway/upstream/', ours: ['contract/', 'platform/'] },
  { folder: 'gateway/claim/', ours: ['contract/', 'platform/'] },
  { folder: 'gateway/sink/', ours: ['contract/', 'platform/', 'gateway/events/outgoing-event.ts'] },
  {
    folder: 'gateway/events/',
    ours: [
      'contract/',
      'platform/',
      'gateway/answer/',
      'gateway/problem.ts',
      'gateway/recognize.ts',
      'gateway/claim/claim-check.ts',
      'gateway/upstream/call.ts',
      'gateway/upstream/when-free.ts',
    ],
  },
  // It runs in a browser.
  { folder: 'gateway/page/', ours: ['contract/'] },
  { folder: 'gateway/answer/', ours: ['contract/', 'platform/', 'gateway/recognize.ts'] },
  { folder: 'gateway/', ours: ['contract/', 'platform/'] },
  { folder: 'model/image/', ours: ['contract/', 'model/workspace.ts'] },
  { folder: 'model/engine/', ours: ['contract/', 'model/program.ts', 'model/proc.ts'] },
  {
    folder: 'model/document/',
    ours: ['contract/', 'model/image/', 'model/program.ts', 'model/workspace.ts'],
  },
  { folder: 'model/pdf/', ours: ['contract/'] },
  {
    folder: 'model/v1/',
    ours: ['contract/', 'platform/', 'model/intake.ts', 'model/predictor.ts'],
  },
  {
    folder: 'model/v2/',
    ours: ['contract/', 'platform/', 'model/intake.ts', 'model/predictor.ts'],
  },
  {
    folder: 'model/grpc/',
    ours: ['contract/', 'platform/', 'model/predictor.ts', 'model/v2/'],
  },
  { folder: 'model/', ours: ['contract/', 'platform/'] },
]

/** Folders at the edge of a service, and who else may import from them: what is behind them knows none of them. */
const edges: Readonly<Record<string, readonly string[]>> = {
  'gateway/api/': ['gateway/app.ts'],
  'gateway/intake/': ['gateway/api/', 'gateway/app.ts'],
  'model/v1/': ['model/app.ts'],
  'model/v2/': ['model/app.ts', 'model/grpc/'],
  'model/grpc/': ['model/main.ts'],
}

/** Packages and Node modules that have few homes. */
const packageHomes: Readonly<Record<string, readonly string[]>> = {
  hono: [
    'platform/http.ts',
    'gateway/app.ts',
    'gateway/api/',
    'gateway/answer/negotiate.ts',
    'model/app.ts',
    'model/v1/',
    'model/v2/',
  ],
  '@hono/node-server': [
    'platform/http.ts',
    'platform/server.ts',
    'platform/early-errors.ts',
    'gateway/api/enter.ts',
  ],
  'node:http': [
    'platform/server.ts',
    'platform/one-port.ts',
    'platform/telemetry/metrics-server.ts',
  ],
  'node:http2': [
    'platform/server.ts',
    'platform/http2.ts',
    'platform/unread-answer.ts',
    'model/grpc/listener.ts',
  ],
  'node:net': [
    'platform/server.ts',
    'platform/telemetry/metrics-server.ts',
    'platform/one-port.ts',
    'platform/http2.ts',
    'gateway/access/client-address.ts',
    'gateway/claim/',
  ],
  'node:zlib': ['platform/compression.ts'],
  '@bufbuild/protobuf': ['model/grpc/'],
  '@remix-run/multipart-parser': ['gateway/intake/form.ts'],
  'swagger-ui-dist': ['gateway/api/docs.ts'],
  undici: ['gateway/upstream/', 'gateway/claim/', 'gateway/sink/'],
  cloudevents: ['gateway/events/'],
  '@aws-sdk/client-s3': ['gateway/claim/'],
  'lru-cache': ['gateway/events/', 'model/quarantine.ts'],
  cockatiel: ['gateway/upstream/'],
  'rate-limiter-flexible': ['gateway/access/'],
  '@hono/zod-openapi': ['gateway/app.ts', 'gateway/api/'],
  sharp: ['model/image/'],
  htmlparser2: ['model/engine/hocr.ts'],
  pdfkit: ['model/pdf/searchable-pdf.ts'],
  'node-tesseract-ocr': ['model/engine/oneshot.ts'],
  'node:child_process': ['model/program.ts', 'model/engine/process.ts'],
  pino: ['platform/log.ts'],
  'prom-client': ['platform/telemetry/'],
  '@opentelemetry/api': ['platform/telemetry/'],
  '@opentelemetry/context-async-hooks': ['platform/telemetry/'],
  '@opentelemetry/core': ['platform/telemetry/'],
  '@opentelemetry/exporter-metrics-otlp-http': ['platform/telemetry/'],
  '@opentelemetry/exporter-prometheus': ['platform/telemetry/'],
  '@opentelemetry/exporter-trace-otlp-http': ['platform/telemetry/'],
  '@opentelemetry/resources': ['platform/telemetry/'],
  '@opentelemetry/sdk-metrics': ['platform/telemetry/'],
  '@opentelemetry/sdk-trace': ['platform/telemetry/'],
  zod: ['contract/'],
}

const isIn = (file: string, places: readonly string[]): boolean =>
  places.some((place) => (place.endsWith('/') ? file.startsWith(place) : file === place))

/** The modules that a source file imports, as written. */
export const importsOf = (source: string): string[] =>
  [...source.matchAll(/(?:\bfrom\s+|\bimport(?:\.meta\.resolve)?\s*\(?\s*)['"]([^'"]+)['"]/g)].map(
    ([, name = '']) => name,
  )

/**
 * Files that import each other in a circle, each circle from one of its files on.
 * @param files what each imports, by its path
 */
export function circlesIn(files: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>()
  const walk = (file: string, way: readonly string[]): string[] => {
    if (way.includes(file)) return [[...way.slice(way.indexOf(file)), file].join(' → ')]
    if (done.has(file)) return []
    const circles = (files.get(file) ?? []).flatMap((next) => walk(next, [...way, file]))
    done.add(file)
    return circles
  }
  return [...files.keys()].flatMap((file) => walk(file, []))
}

/**
 * What is wrong with the imports of one file.
 * @param file path below functions/
 */
export function violations(file: string, source: string): string[] {
  return importsOf(source).flatMap((name) => {
    const problem = name.startsWith('.') ? relativeProblem(file, name) : packageProblem(file, name)
    return problem ? [`${file} imports ${name}: ${problem}`] : []
  })
}

function relativeProblem(file: string, name: string): string | undefined {
  const target = relative('functions', join('functions', dirname(file), name))
  if (target === '../package.json') return isMain(file) ? undefined : 'only main.ts may'
  const rule = folderRules.find(({ folder }) => file.startsWith(folder))
  if (!rule) return 'the folder has no rule'
  if (target.startsWith('contract/examples/')) return undefined
  if (target.endsWith('.d.ts') || !target.endsWith('.ts')) return 'not a source file'
  if (!isIn(target, [rule.folder, ...rule.ours])) return 'not allowed from this folder'
  const edge = Object.keys(edges).find((folder) => target.startsWith(folder))
  const isOpen = !edge || isIn(file, [edge, ...(edges[edge] ?? [])])
  return isOpen ? undefined : 'what is behind an edge does not know it'
}

function packageProblem(file: string, name: string): string | undefined {
  if (builtinModules.includes(name)) return `write node:${name}`
  const [scope = '', second = ''] = name.split('/')
  const owner = scope.startsWith('@') ? `${scope}/${second}` : scope
  const homes = packageHomes[owner]
  if (homes) return isIn(file, homes) ? undefined : `only for ${homes.join(', ')}`
  if (!name.startsWith('node:')) return 'the package has no home'
  return file.startsWith('contract/') ? 'contract does no I/O' : undefined
}

const isMain = (file: string): boolean => file.endsWith('/main.ts')

/** Statements that belong into few files, wherever they stand. */
const statementHomes: ReadonlyArray<{ pattern: RegExp; homes: (file: string) => boolean }> = [
  { pattern: /\bprocess\.env\b/, homes: isMain },
  {
    pattern: /\bprocess\.(?:exit|on|once)\(/,
    homes: (file) => file === 'platform/lifecycle.ts',
  },
  {
    pattern: /(?:\bstatus\w*(?::| ={1,3}| !==) |Set\(\[|\bwriteHead\(|\.status\()[45]\d\d\b/i,
    homes: (file) => readsStatuses.has(file),
  },
]

/** What the statuses of others mean; ours are in the table of errors. */
const readsStatuses: ReadonlySet<string> = new Set([
  'gateway/upstream/upstream-error.ts',
  'gateway/sink/failure.ts',
  'gateway/claim/failures.ts',
  'gateway/claim/s3-documents.ts',
  'gateway/page/errors.ts',
])

export const statementViolations = (file: string, source: string): string[] =>
  statementHomes
    .filter(({ pattern, homes }) => pattern.test(source) && !homes(file))
    .map(({ pattern }) => `${file} has ${pattern.source}`)

export const readSource = (file: string): string => readFileSync(join('functions', file), 'utf8')

const isClient = (file: string): boolean => file === 'client.ts' || file.startsWith('client/')

/**
 * What is wrong with a file of the command line, which knows nothing of ours but the contract. The client in it runs
 * without Node and without packages, and so takes no more than types from the contract.
 * @param file path below cli/
 */
export function cliViolations(file: string, source: string): string[] {
  const problems = importsOf(source).map((name) => {
    if (!name.startsWith('.')) return cliPackageProblem(file, name)
    const target = join('cli', dirname(file), name)
    if (target === 'package.json') return file === 'main.ts' ? undefined : 'only main.ts may'
    if (isClient(file) && target.startsWith('cli/')) {
      return isClient(relative('cli', target)) ? undefined : `${name} is not of the client`
    }
    return isIn(target, ['cli/', 'functions/contract/']) ? undefined : `${name} is not allowed`
  })
  const takesValues = /^(?:import|export) (?!type\b)[^']*'[^']*functions\/contract\//m.test(source)
  if (isClient(file) && takesValues) problems.push('more than types of the contract')
  if (/\bprocess\./.test(source) && file !== 'main.ts') problems.push('only main.ts has process')
  return problems.filter((problem) => problem !== undefined).map((problem) => `${file}: ${problem}`)
}

function cliPackageProblem(file: string, name: string): string | undefined {
  if (name.startsWith('node:') && !isClient(file)) return undefined
  return name === 'cli-progress' && file === 'terminal/progress.ts' ? undefined : `no ${name} here`
}

/** The demo knows the system by its API and its pods alone; what it is drawn with has few homes. */
const demoHomes: Readonly<Record<string, readonly string[]>> = {
  undici: ['autoscale/load/ask.ts', 'autoscale/pods/watch.ts'],
  zod: ['autoscale/pods/deployments.ts'],
  asciichart: ['autoscale/screen/chart.ts'],
  'd3-scale': ['autoscale/picture/'],
  'd3-shape': ['autoscale/picture/'],
  'node:child_process': ['autoscale/pods/kubectl-proxy.ts'],
  'node:fs/promises': ['autoscale/demo.ts', 'autoscale/results.ts'],
}
/** Folders of the demo that know of no other, but for what was recorded. */
const demoLeaves = ['autoscale/load/', 'autoscale/pods/', 'autoscale/figures/']

/**
 * What is wrong with a file of the demo.
 * @param file path below demo/
 */
export function demoViolations(file: string, source: string): string[] {
  const problems = importsOf(source).map((name) => {
    if (!name.startsWith('.')) return demoPackageProblem(file, name)
    const target = relative('demo', join('demo', dirname(file), name))
    const leaf = demoLeaves.find((folder) => file.startsWith(folder))
    const ours = leaf ? [leaf, 'autoscale/recording.ts'] : ['autoscale/']
    return isIn(target, ours) ? undefined : `${name} is not allowed`
  })
  if (/\bprocess\.(?:env|on|once|exit)\b/.test(source) && !mayHaveProcess.includes(file)) {
    problems.push('only main.ts has process')
  }
  return problems.filter((problem) => problem !== undefined).map((problem) => `${file}: ${problem}`)
}

/** The proxy takes its child along when the process ends in whatever way. */
const mayHaveProcess = ['autoscale/main.ts', 'autoscale/pods/kubectl-proxy.ts']

function demoPackageProblem(file: string, name: string): string | undefined {
  const homes = demoHomes[name]
  if (homes) return isIn(file, homes) ? undefined : `${name} only for ${homes.join(', ')}`
  return name.startsWith('node:') ? undefined : `no ${name} here`
}
