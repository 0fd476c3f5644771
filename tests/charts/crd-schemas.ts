import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { parseAllDocuments } from 'yaml'
import type { Manifest } from './render.ts'

/** The Go modules that hold the CRDs, at the versions that the charts are written for, and where they are in them. */
const modules = {
  'github.com/kserve/kserve@v0.20.0': [
    'config/crd/full/serving.kserve.io_inferenceservices.yaml',
    'config/crd/full/serving.kserve.io_servingruntimes.yaml',
  ],
  'knative.dev/serving@v0.48.1': ['config/core/300-resources/service.yaml'],
  'knative.dev/eventing@v0.48.2': [
    'config/core/resources/broker.yaml',
    'config/core/resources/trigger.yaml',
  ],
  'github.com/prometheus-operator/prometheus-operator@v0.85.0': [
    'example/prometheus-operator-crd/monitoring.coreos.com_podmonitors.yaml',
    'example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml',
    'example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml',
  ],
  'github.com/argoproj/argo-cd/v3@v3.5.7': [
    'manifests/crds/appproject-crd.yaml',
    'manifests/crds/application-crd.yaml',
    'manifests/crds/applicationset-crd.yaml',
  ],
}

/** Whether the modules can be had. */
export const hasGo = (): boolean => spawnSync('go', ['version']).status === 0

/** Schemas of the custom resources by `apiVersion kind`, from the projects' own CRDs. */
export function crdSchemas(): Map<string, Manifest> {
  const args = ['mod', 'download', '-json', ...Object.keys(modules)]
  // Outside of a Go module, which this is not.
  const output = execFileSync('go', args, { cwd: '/', encoding: 'utf8', maxBuffer: 2 ** 24 })
  const folders = [...output.matchAll(/"Dir": "(.*)"/g)].map(([, folder = '']) => folder)
  const schemas = new Map<string, Manifest>()
  Object.values(modules).forEach((files, index) => {
    for (const file of files) {
      const text = readFileSync(join(folders[index] ?? '', file), 'utf8')
      for (const crd of parseAllDocuments(text).map((document) => document.toJS())) {
        const { group, names, versions } = crd.spec
        for (const { name, schema } of versions) {
          schemas.set(`${group}/${name} ${names.kind}`, schema.openAPIV3Schema)
        }
      }
    }
  })
  return schemas
}

/** Go has a mark in an expression for letters of either case. */
const regExp = Object.assign(
  (pattern: string, flags: string) =>
    pattern.includes('(?i)')
      ? new RegExp(pattern.replace('(?i)', ''), `${flags}i`)
      : new RegExp(pattern, flags),
  { code: 'new RegExp' },
)
const ajv = new Ajv({ strict: false, validateFormats: false, code: { regExp } })

/** What is wrong with a resource: what the schema refuses, and fields that it does not know. */
export function problemsOf(manifest: Manifest, schema: Manifest): string[] {
  const validate = ajv.compile(schema)
  validate(manifest)
  const refused = (validate.errors ?? []).map(
    ({ instancePath, message }) => `${instancePath} ${message}`,
  )
  // Every resource has these, whether its schema says so or not.
  const { apiVersion, kind, metadata, ...own } = manifest
  return [...refused, ...unknownFields(own, schema, '')]
}

/** The API server drops these without a word. */
function unknownFields(value: Manifest, schema: Manifest, path: string): string[] {
  if (schema === undefined || typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => unknownFields(item, schema.items, `${path}/${index}`))
  }
  if (!schema.properties) return []
  return Object.entries(value).flatMap(([name, item]) => {
    const isOpen = schema['x-kubernetes-preserve-unknown-fields']
    const inner = schema.properties[name]
    if (!inner) return isOpen ? [] : [`${path}/${name} is not known`]
    return unknownFields(item, inner, `${path}/${name}`)
  })
}
