import { parseArgs } from 'node:util'
import { clusterEnvironment } from './platform/environment.mjs'
import { platformSteps } from './platform/steps.mjs'
import { runSteps } from './run-steps.mjs'
import { orFail, say } from './setup.mjs'
import { asScript, chosen } from './steps.mjs'
import { orUsage } from './usage.mjs'

// Brings a cluster and the platform of the system: npm run platform:install -- --on minikube. Run again, it does what is
// not there yet.

const usage = `Usage: npm run platform:install -- [--on minikube|kind|current] [--domain DOMAIN] [--only NAME,...] [--dry-run]
--on       minikube or kind make a cluster if there is none; current, the default, is that of kubectl
--domain   below which services are reached; without it that of sslip.io which leads to the ingress
--only     steps, by their names
--dry-run  prints the commands instead of running them`

await orFail(() => {
  const options = given()
  const steps = chosen(platformSteps(options), options.only)
  if (options.isDry) return say(asScript(steps))
  const begin = Date.now()
  runSteps(steps, { env: clusterEnvironment() })
  say(`The platform is there, after ${Math.round((Date.now() - begin) / 1000)} s.`)
  say('docs/kubernetes.md tells how the system comes onto it.')
})

/**
 * What the command line says.
 * @returns {{ on: 'minikube' | 'kind' | 'current', domain: string | undefined, only: string[], isDry: boolean }}
 * @throws {Error} with the usage
 */
function given() {
  return orUsage(usage, () => {
    const { values } = parseArgs({
      options: {
        on: { type: 'string', default: 'current' },
        domain: { type: 'string' },
        only: { type: 'string', default: '' },
        'dry-run': { type: 'boolean', default: false },
      },
    })
    const { on, domain } = values
    if (on !== 'minikube' && on !== 'kind' && on !== 'current') throw new Error(`--on ${on}`)
    if (domain !== undefined && !/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(domain)) {
      throw new Error(`--domain ${domain} is no name of a domain`)
    }
    const only = values.only.split(',').filter(Boolean)
    return { on, domain, only, isDry: values['dry-run'] }
  })
}
