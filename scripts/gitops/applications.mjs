import { setTimeout } from 'node:timers/promises'
import { say } from '../setup.mjs'

/** @typedef {import('../steps.mjs').Ask} Ask */

/** An environment as the ApplicationSet lists it. */
/** @typedef {{ name: string, revision: string }} Environment */

/**
 * What is read of an Application.
 * @typedef {object} Application
 * @property {{ annotations?: Record<string, string> }} metadata
 * @property {{ source: { targetRevision: string } }} spec
 * @property {object} [status]
 * @property {{ status: string, revision?: string, comparedTo?: { source?: { targetRevision?: string } } }} [status.sync]
 * @property {{ status?: string }} [status.health]
 * @property {{ phase: string, message?: string }} [status.operationState]
 * @property {{ type: string, message: string }[]} [status.conditions]
 */

const refresh = 'argocd.argoproj.io/refresh'
const pauseMs = 3000

/**
 * Waits until Argo CD has compared every Application anew, and has it Synced and Healthy; a line for each change.
 * @param {{ ask: Ask, namespace: string, minutes: number, pause?: (ms: number) => Promise<unknown>, now?: () => number }} settings
 * @throws {Error} when the time is over, with what is missing
 */
export async function untilHealthy({
  ask,
  namespace,
  minutes,
  pause = setTimeout,
  now = Date.now,
}) {
  const begin = now()
  const environments = environmentsOf(ask, namespace)
  /** @type {Map<string, string>} */
  const told = new Map()
  for (;;) {
    const states = environments.map((environment) => look(environment, { ask, namespace, told }))
    for (const { name, text } of states) {
      if (told.get(name) !== text) say(`${Math.round((now() - begin) / 1000)} s  ${name}: ${text}`)
      told.set(name, text)
    }
    const late = states.filter(({ isGood }) => !isGood)
    if (late.length === 0) return
    if (now() + pauseMs > begin + minutes * 60_000) {
      const names = late.map(({ name }) => name).join(' and ')
      throw new Error(
        `${names}: not Synced and Healthy after ${minutes} min; Argo CD goes on trying.\n` +
          `Look at: kubectl --namespace=${namespace} describe applications.argoproj.io ${late[0]?.name}`,
      )
    }
    await pause(pauseMs)
  }
}

/**
 * Asks for one, and has Argo CD compare it with Git when it is seen first, or else a push could go unnoticed for minutes.
 * @param {Environment} environment
 * @param {{ ask: Ask, namespace: string, told: ReadonlyMap<string, string> }} settings
 */
function look(environment, { ask, namespace, told }) {
  const name = `ocr-${environment.name}`
  const resource = [`application.argoproj.io/${name}`, `--namespace=${namespace}`]
  const text = ask('kubectl', 'get', ...resource, '--output=json')
  const missing = { name, text: 'not there yet', isGood: false }
  if (text === undefined) return missing
  if (told.get(name) === undefined || told.get(name) === missing.text) {
    ask('kubectl', 'annotate', ...resource, '--overwrite', `${refresh}=normal`)
    return { name, text: 'is compared with Git', isGood: false }
  }
  return { name, ...stateOf(JSON.parse(text), environment.revision) }
}

/**
 * What Argo CD says of an Application, and whether that is all that is wanted.
 * @param {Application} application
 * @param {string} revision that it is to follow
 */
export function stateOf({ metadata, spec, status = {} }, revision) {
  const { sync, health, operationState, conditions = [] } = status
  const isNew =
    spec.source.targetRevision === revision &&
    sync?.comparedTo?.source?.targetRevision === revision &&
    metadata.annotations?.[refresh] === undefined
  if (!isNew) return { text: 'is compared with Git', isGood: false }
  const isGood =
    sync.status === 'Synced' && health?.status === 'Healthy' && operationState?.phase !== 'Running'
  const problems = conditions.filter(({ type }) => type.endsWith('Error'))
  const notes = isGood ? [] : [...problems.map(({ message }) => message), operationState?.message]
  const commit = sync.revision ? ` at ${sync.revision.slice(0, 8)}` : ''
  const note = notes.filter(Boolean).join('; ').replace(/\s+/g, ' ').slice(0, 300)
  const text = `${sync.status}, ${health?.status ?? 'Unknown'}${commit}${note && `: ${note}`}`
  return { text, isGood }
}

/**
 * @param {Ask} ask
 * @param {string} namespace
 * @returns {Environment[]}
 */
function environmentsOf(ask, namespace) {
  const resource = ['applicationset.argoproj.io/ocr', `--namespace=${namespace}`]
  const text = ask('kubectl', 'get', ...resource, '--output=json')
  if (text === undefined) throw new Error(`There is no ApplicationSet ocr in ${namespace}.`)
  return JSON.parse(text).spec.generators[0].list.elements
}
