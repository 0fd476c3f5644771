import assert from 'node:assert/strict'
import { type Manifest, ofKind, render } from './render.ts'

export const chart = 'argocd/gitops'
export const repoURL = 'https://git.example.com/you/knative-ocr.git'
export const withRepository = ['--set', `repoURL=${repoURL}`]
export const gitops = (...set: string[]): Manifest[] =>
  render(chart, ...withRepository, ...set.flatMap((value) => ['--set', value]))
export const projectOf = (manifests: Manifest[]) => ofKind(manifests, 'AppProject')[0]

/** What Argo CD makes of a template and an element of the list; it fails for a key that is missing, as it is told to. */
function filled(value: Manifest, element: Readonly<Record<string, string>>): Manifest {
  const text = JSON.stringify(value).replace(/\{\{\.(\w+)\}\}/g, (_, key: string) => {
    assert.ok(element[key], key)
    return element[key]
  })
  assert.doesNotMatch(text, /\{\{/)
  return JSON.parse(text)
}

/** The Applications that Argo CD makes of the ApplicationSet. */
export function applicationsOf(manifests: Manifest[]): Manifest[] {
  const { spec } = ofKind(manifests, 'ApplicationSet')[0]
  return spec.generators[0].list.elements.map((element: Record<string, string>) => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    ...filled(spec.template, element),
  }))
}
