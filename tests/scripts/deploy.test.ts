import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { describe, it } from 'node:test'
import packageJson from '../../package.json' with { type: 'json' }
import { ownVersion } from '../../scripts/platform/image-names.mjs'
import { type Answer, changes, createFakeTools } from './fake-tools.ts'

const url = 'http://ocr-gateway.ocr.127.0.0.1.sslip.io'
const address: Answer = { when: 'get services.serving.knative.dev', stdout: url }
const nothing: Answer = { when: ' get ', status: 1 }
const key: Answer = {
  when: 'npm run -s key',
  stdout: `first ${'0'.repeat(64)}\n`,
  stderr: 'The key of first, shown only now:\nocr_secret\n',
}
const programs = ['kubectl', 'helm', 'npm']
const production = ['--environment', 'production']

describe('npm run deploy', () => {
  it('installs, waits, and prints where the gateway is and how to try it', () => {
    using tools = createFakeTools(programs, [address, nothing])
    const { status, stdout } = tools.run('deploy.mjs', '--registry', 'dev.local')
    assert.equal(status, 0, stdout)
    const done = changes(tools.calls())
    assert.deepEqual(
      done.map((call) => call.split(' ').slice(0, 2).join(' ')),
      ['helm dependency', 'kubectl create', 'helm upgrade', 'kubectl wait', 'kubectl wait'],
    )
    assert.match(done[2] ?? '', /--set=gateway\.image\.repository=dev\.local\/ocr-gateway .*--wait/)
    assert.ok(
      stdout.includes(`\n  curl -F format=text -F file=@examples/invoice.png ${url}/v1/ocr\n`),
    )
    assert.ok(existsSync('examples/invoice.png'))
  })

  it('makes a key in production, shows it, and gives its hash alone to the cluster', () => {
    using tools = createFakeTools(programs, [address, key, nothing])
    const { status, stdout } = tools.run('deploy.mjs', ...production)
    assert.equal(status, 0, stdout)
    const secret = tools.calls().find(({ argv }) => argv.includes('secret') && argv[1] === 'create')
    assert.equal(secret?.input, key.stdout)
    assert.equal(stdout.match(/ocr_secret/g)?.length, 1)
    assert.match(stdout, /curl -H "Authorization: Bearer KEY" /)
    assert.ok(!JSON.stringify(tools.calls()).includes('ocr_secret'))
  })

  it('leaves keys alone that are there', () => {
    const there = { when: 'get secret ocr-keys', stdout: 'secret/ocr-keys\n' }
    using tools = createFakeTools(programs, [address, there, key, nothing])
    const { status, stdout } = tools.run('deploy.mjs', ...production)
    assert.equal(status, 0, stdout)
    assert.ok(!tools.calls().some(({ argv }) => argv[0] === 'npm'))
  })

  it('makes no Secret when there is no key', () => {
    const failure = { when: 'npm run -s key', stderr: 'no entropy', status: 1 }
    using tools = createFakeTools(programs, [address, failure, nothing])
    const { status, stdout } = tools.run('deploy.mjs', ...production)
    assert.equal(status, 1)
    assert.match(stdout, /no entropy/)
    assert.ok(!tools.calls().some(({ argv }) => argv.includes('generic')))
  })

  it('gives what is set to helm as it is, and to no shell', () => {
    using tools = createFakeTools(programs, [address, nothing])
    const setting = 'gateway.settings.X=$(kubectl evil);`kubectl evil`;kubectl evil'
    assert.equal(tools.run('deploy.mjs', '--set', setting, '--set', 'a=b').status, 0)
    const release = tools.calls().find(({ argv }) => argv[1] === 'upgrade')
    assert.deepEqual(
      release?.argv.filter((word) => word.startsWith('--set=')),
      [`--set=${setting}`, '--set=a=b'],
    )
    assert.ok(!tools.calls().some(({ argv }) => argv[1] === 'evil'))
  })

  it('tells where to look when a kind is unknown to the cluster', () => {
    const failure = { when: 'helm upgrade', stderr: 'Error: no InferenceService', status: 1 }
    using tools = createFakeTools(programs, [failure, nothing])
    const { status, stdout } = tools.run('deploy.mjs')
    assert.equal(status, 1)
    assert.match(stdout, /no InferenceService\n\nLook at: .*npm run platform:install/)
  })
})

describe('npm run images', () => {
  it('builds both with their version and languages, and pushes each', () => {
    using tools = createFakeTools(['docker', 'podman'])
    const args = ['--registry', 'registry.example.org', '--languages', 'deu chi-sim', '--push']
    assert.equal(tools.run('images.mjs', ...args).status, 0)
    const tag = `registry.example.org/ocr-model:${ownVersion}`
    const [gateway, , model, push] = tools.calls().map(({ argv }) => argv)
    assert.deepEqual(gateway?.slice(0, 3), ['docker', 'build', '--file=Dockerfile.gateway'])
    assert.ok(model?.includes(`--build-arg=VERSION=${packageJson.version}`))
    assert.ok(model?.includes('--build-arg=LANGUAGES=eng osd deu chi-sim'))
    assert.deepEqual(push, ['docker', 'push', tag])
  })

  it('takes podman where there is no docker', () => {
    using tools = createFakeTools(['podman'])
    assert.equal(tools.run('images.mjs').status, 0)
    assert.ok(tools.calls().every(({ argv }) => argv[0] === 'podman'))
    assert.equal(tools.calls().length, 2)
  })

  it('tells where docker is had from where there is neither', () => {
    using tools = createFakeTools([])
    const { status, stdout } = tools.run('images.mjs', '--engine', 'docker')
    assert.equal(status, 1)
    assert.match(stdout, /^docker is needed, and is not on the PATH: https:/)
  })

  it('does not push or load what could not be built', () => {
    using tools = createFakeTools(['docker', 'minikube'], [{ when: 'docker build', status: 1 }])
    assert.equal(tools.run('images.mjs', '--load', 'minikube').status, 1)
    assert.equal(tools.calls().length, 1)
  })
})
