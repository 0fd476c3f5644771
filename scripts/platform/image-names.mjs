import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../setup.mjs'

// The names of the two images, as the charts' own values have them.

/** @typedef {'gateway' | 'model'} Service */

/** Their folders.
 * @type {Readonly<Record<Service, string>>}
 */
export const charts = { gateway: 'knative', model: 'kserve' }

/** @type {readonly Service[]} */
export const services = ['gateway', 'model']

/** Of images that are loaded into a cluster. Knative asks no registry for those, whereas it does for all others. */
export const localRegistry = 'dev.local'

/** The version of this repository, which is the tag of its images. */
export const ownVersion = String(
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version,
)

/**
 * @param {Service} service
 * @param {string} [registry] in place of that of the chart
 * @returns {string} without a tag
 */
export function repositoryOf(service, registry) {
  const values = readFileSync(join(root, charts[service], 'values.yaml'), 'utf8')
  const repository = /^image:\n {2}repository: (\S+)$/m.exec(values)?.[1]
  if (!repository) throw new Error(`${charts[service]}/values.yaml has no image.repository`)
  return registry ? `${registry}/${repository.split('/').at(-1)}` : repository
}

/**
 * @param {string | undefined} registry a host, with a port and folders if there are some
 * @throws {Error} for what can be none
 */
export function checkRegistry(registry) {
  if (registry === undefined || /^[a-z0-9][\w.-]*(?::\d+)?(?:\/[a-z0-9][\w.-]*)*$/.test(registry))
    return
  throw new Error(`--registry ${registry} is not like REGISTRY or HOST:PORT/FOLDER`)
}

/**
 * @param {string | undefined} tag
 * @throws {Error} for what can be none
 */
export function checkTag(tag) {
  if (tag === undefined || /^\w[\w.-]{0,127}$/.test(tag)) return
  throw new Error(`--tag ${tag} is no tag of an image`)
}
