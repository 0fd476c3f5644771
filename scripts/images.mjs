import { parseArgs } from 'node:util'
import { isInstalled } from './commands.mjs'
import { checkRegistry, checkTag, localRegistry, ownVersion } from './platform/image-names.mjs'
import { imageSteps } from './platform/image-steps.mjs'
import { runSteps } from './run-steps.mjs'
import { orFail, say } from './setup.mjs'
import { asScript } from './steps.mjs'
import { orUsage } from './usage.mjs'

// Builds the images of gateway and model: npm run images -- --load minikube.

const usage = `Usage: npm run images -- [--registry REGISTRY] [--tag TAG] [--languages "eng osd deu"] [--push]
       [--load minikube|kind] [--engine docker|podman] [--dry-run]
--registry   in place of the one in the charts' values; with --load it is ${localRegistry}
--tag        without it the version in package.json
--languages  of tesseract's data, as Debian names its packages; eng and osd are always there
--push       pushes them to the registry
--load       brings them into the cluster that npm run platform:install has made
--engine     docker if there is one, else podman
--dry-run    prints the commands instead of running them`

await orFail(() => {
  const { isDry, ...options } = given()
  const steps = imageSteps(options)
  if (isDry) return say(asScript(steps))
  runSteps(steps, { env: process.env })
})

/**
 * What the command line says.
 * @returns {import('./platform/image-steps.mjs').ImageOptions & { isDry: boolean }}
 * @throws {Error} with the usage
 */
function given() {
  return orUsage(usage, () => {
    const { values } = parseArgs({
      options: {
        registry: { type: 'string' },
        tag: { type: 'string', default: ownVersion },
        languages: { type: 'string', default: '' },
        push: { type: 'boolean', default: false },
        load: { type: 'string' },
        engine: { type: 'string', default: isInstalled('docker') ? 'docker' : 'podman' },
        'dry-run': { type: 'boolean', default: false },
      },
    })
    const { tag, push, load, engine } = values
    const registry = values.registry ?? (load && localRegistry)
    checkRegistry(registry)
    checkTag(tag)
    if (load !== undefined && load !== 'minikube' && load !== 'kind')
      throw new Error(`--load ${load}`)
    if (engine !== 'docker' && engine !== 'podman') throw new Error(`--engine ${engine}`)
    if (push && registry === localRegistry)
      throw new Error(`Nothing can be pushed to ${localRegistry}.`)
    const languages = languagesOf(values.languages)
    return { registry, tag, languages, isPushed: push, load, engine, isDry: values['dry-run'] }
  })
}

/** @param {string} text */
function languagesOf(text) {
  const named = text.split(/\s+/).filter(Boolean)
  for (const language of named) {
    // The Dockerfile makes names of packages of them.
    if (!/^[a-z]+(?:-[a-z]+)*$/.test(language)) {
      throw new Error(`--languages ${language} is no name as in tesseract-ocr-chi-sim`)
    }
  }
  return [...new Set(['eng', 'osd', ...named])]
}
