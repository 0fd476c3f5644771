import { command } from '../commands.mjs'
import { ownVersion, repositoryOf, services } from './image-names.mjs'
import { localClusters } from './local-clusters.mjs'

/** @typedef {import('../commands.mjs').Command} Command */
/** @typedef {import('../steps.mjs').Step} Step */
/** @typedef {import('./image-names.mjs').Service} Service */

/**
 * @typedef {object} ImageOptions
 * @property {'docker' | 'podman'} engine
 * @property {string | undefined} registry
 * @property {string} tag
 * @property {readonly string[]} languages of tesseract's data, as Debian names its packages
 * @property {boolean} isPushed
 * @property {'minikube' | 'kind' | undefined} load into which cluster
 */

/**
 * Builds both images, and brings them where they are wanted.
 * @param {ImageOptions} options
 * @returns {Step[]}
 */
export function imageSteps(options) {
  return services.flatMap((service) => {
    const image = `${repositoryOf(service, options.registry)}:${options.tag}`
    return [
      step(`build-${service}`, image, [build(service, image, options)]),
      ...(options.isPushed
        ? [step(`push-${service}`, image, [command(options.engine, 'push', image)])]
        : []),
      ...(options.load ? [step(`load-${service}`, image, load(service, image, options))] : []),
    ]
  })
}

/**
 * @param {string} name
 * @param {string} image
 * @param {readonly Command[]} commands
 * @returns {Step}
 */
const step = (name, image, commands) => ({
  name,
  what: image,
  commands,
  minutes: 60,
  look: 'what the program says above',
  isShown: true,
})

/**
 * @param {Service} service
 * @param {string} image
 * @param {ImageOptions} options
 */
function build(service, image, { engine, languages }) {
  // Podman's own format has no health checks.
  const format = engine === 'podman' ? ['--format=docker'] : []
  const data = service === 'model' ? [`--build-arg=LANGUAGES=${languages.join(' ')}`] : []
  return command(
    engine,
    'build',
    ...format,
    `--file=Dockerfile.${service}`,
    `--tag=${image}`,
    `--build-arg=VERSION=${ownVersion}`,
    ...data,
    '.',
  )
}

/**
 * What podman has built is in no place where the cluster's program would look for it.
 * @param {Service} service
 * @param {string} image
 * @param {ImageOptions} options
 */
function load(service, image, { engine, load: into }) {
  if (!into) return []
  if (engine === 'docker') return [localClusters[into].loadImage(image)]
  const archive = `.cache/ocr-${service}.tar`
  return [
    command('mkdir', '-p', '.cache'),
    command('rm', '-f', archive),
    command('podman', 'save', `--output=${archive}`, image),
    localClusters[into].loadArchive(archive),
    command('rm', '-f', archive),
  ]
}
