import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { installByApt, node, once, orFail, root, run, say, setup } from './setup.mjs'

const venv = '.cache/clients'
const requirements = 'tests/clients/requirements.txt'
const python = join(root, venv, 'bin', 'python')

/**
 * @param {string} file
 * @param {string[]} args
 */
const works = (file, ...args) => spawnSync(file, args).status === 0

function installClients() {
  once(`${venv}/.installed`, [requirements], () => {
    say(`installing the Python clients of ${requirements}`)
    rmSync(join(root, venv), { recursive: true, force: true })
    run('python3', ['-m', 'venv', venv])
    run(python, ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', '-r', requirements])
  })
}

await orFail(() => {
  setup()
  installByApt(['python3-venv'], () => works('python3', '-c', 'import ensurepip'))
  installByApt(['curl'], () => works('curl', '--version'))
  installClients()
  run(node, ['--import', 'tsx', 'tests/clients/run.ts', python])
})
