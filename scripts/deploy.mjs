import { parseArgs } from 'node:util'
import { line } from './commands.mjs'
import { addressCommand, deploySteps, keysSecretOf } from './platform/deploy-steps.mjs'
import { clusterEnvironment } from './platform/environment.mjs'
import { checkRegistry, checkTag } from './platform/image-names.mjs'
import { asking, runSteps } from './run-steps.mjs'
import { orFail, say } from './setup.mjs'
import { asScript } from './steps.mjs'
import { orUsage } from './usage.mjs'

// Brings the system onto a cluster that has the platform, or to another version: npm run deploy -- --registry dev.local.

const usage = `Usage: npm run deploy -- [--environment dev|production] [--namespace NAMESPACE] [--release RELEASE]
       [--registry REGISTRY] [--tag TAG] [--set NAME=VALUE]... [--context CONTEXT] [--dry-run]
--environment  dev, the default, is small, and open to everybody who reaches it; production wants keys
--namespace    ocr without it, made if it is not there
--release      ocr without it
--registry     where the images are, in place of the one in the charts' values; dev.local for images that were loaded
--tag          of the images, in place of the environment's
--set          a value of the chart argocd/ocr-system
--context      in the kubeconfig; without it the current one
--dry-run      prints the commands instead of running them`

await orFail(() => {
  const { isDry, ...options } = given()
  const steps = deploySteps(options)
  const address = addressCommand(options)
  if (isDry) return say(`${asScript(steps)}\n# address: where the gateway is\n${line(address)}`)
  const env = clusterEnvironment()
  runSteps(steps, { env })
  const url = asking(env)(...address.argv)
  if (!url)
    return say(
      `helm get notes ${options.release} --namespace=${options.namespace} tells where it is.`,
    )
  sayHowToTry(url, keysSecretOf(options.environment) !== undefined)
})

/**
 * @param {string} url
 * @param {boolean} isKeyed
 */
function sayHowToTry(url, isKeyed) {
  const form = '-F format=text -F file=@examples/invoice.png'
  const key = isKeyed ? '-H "Authorization: Bearer KEY" ' : ''
  const { host } = new URL(url)
  say(`
The gateway is at ${url}

  curl ${key}${form} ${url}/v1/ocr

Where that name leads nowhere:

  kubectl --namespace=kourier-system port-forward service/kourier 8080:80
  curl ${key}-H "Host: ${host}" ${form} http://127.0.0.1:8080/v1/ocr`)
}

/**
 * What the command line says.
 * @returns {import('./platform/deploy-steps.mjs').DeployOptions & { isDry: boolean }}
 * @throws {Error} with the usage
 */
function given() {
  return orUsage(usage, () => {
    const { values } = parseArgs({
      options: {
        environment: { type: 'string', default: 'dev' },
        namespace: { type: 'string', default: 'ocr' },
        release: { type: 'string', default: 'ocr' },
        registry: { type: 'string' },
        tag: { type: 'string' },
        set: { type: 'string', multiple: true, default: [] },
        context: { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
      },
    })
    const { environment, namespace, release, registry, tag, set, context } = values
    if (environment !== 'dev' && environment !== 'production') {
      throw new Error(`--environment ${environment}`)
    }
    for (const [option, name] of Object.entries({ namespace, release })) {
      // As Kubernetes wants it; and never a flag.
      if (!/^[a-z0-9](?:[a-z0-9-]{0,51}[a-z0-9])?$/.test(name)) {
        throw new Error(
          `--${option} ${name} has other characters than a-z, 0-9 and "-", or more than 53`,
        )
      }
    }
    checkRegistry(registry)
    checkTag(tag)
    return {
      environment,
      namespace,
      release,
      registry,
      tag,
      set,
      context,
      isDry: values['dry-run'],
    }
  })
}
