import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { parse } from 'yaml'
import { livezRoute, readyzRoute } from '../../functions/gateway/api/routes/service.ts'
import { gatewaySettings } from '../../functions/gateway/settings.ts'
import { createApp } from '../../functions/model/app.ts'
import { protocolOptions } from '../../functions/model/fixtures/protocol.ts'
import { modelSettings } from '../../functions/model/settings.ts'
import { createAdmission } from '../../functions/platform/admission.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { lint, type Manifest, ofKind, openTo, podsOf, render, renderings } from './render.ts'

const charts = {
  gateway: 'knative',
  model: 'kserve',
  observability: 'observability',
  system: 'argocd/ocr-system',
} as const

describe('the charts', () => {
  for (const chart of Object.values(charts)) {
    it(`pass helm's strict lint (${chart})`, () => void lint(chart))

    it(`have the version of the package (${chart})`, () => {
      const { version, appVersion = version } = parse(readFileSync(`${chart}/Chart.yaml`, 'utf8'))
      assert.deepEqual([version, appVersion], [packageJson.version, packageJson.version])
    })
  }

  for (const [problem, chart, set] of [
    ['the tag latest', 'kserve', 'image.tag=latest'],
    ['a digest that is none', 'knative', 'image.digest=sha256:abc'],
    ['an unknown mode', 'kserve', 'mode=serverless'],
    ['a misspelt value', 'knative', 'scale.minimum=1'],
    ['a setting that the chart makes itself', 'kserve', 'settings.OCR_WORK_DIR=/x'],
    ['another way to say who may call', 'knative', 'settings.OCR_ACCESS=open'],
    ['a Secret that cannot be', 'knative', 'access.keysSecret=Keys/1'],
    ['a policy that would let everybody in', 'knative', 'networkPolicy.proxies=null'],
    ['a policy that would let everybody call the model', 'kserve', 'networkPolicy.proxies=null'],
    ['another port for metrics', 'knative', 'settings.OCR_METRICS_PORT=9000'],
    ['another port for metrics of the model', 'kserve', 'settings.OCR_METRICS_PORT=9000'],
    ['monitors of a kind that there is not', 'observability', 'monitors=probe'],
    ['looks at pods too far apart for the rules', 'observability', 'interval=90s'],
    ['to leave out rules that there are not', 'observability', 'rules.without={gatway}'],
    ['two names for one model', 'argocd/ocr-system', 'model.name=other'],
    ['a misspelt service', 'argocd/ocr-system', 'modle.name=x'],
    ['a setting that is none', 'kserve', 'settings.lang=deu'],
    ['a timeout beyond what Knative allows', 'knative', 'timeout=601'],
  ] as const) {
    it(`refuse ${problem}`, () => {
      assert.ok(render(chart, ...openTo[chart]).length > 0)
      assert.throws(() => render(chart, ...openTo[chart], '--set', set))
    })
  }

  for (const chart of ['knative', 'argocd/ocr-system'] as const) {
    it(`want to be told who may call the gateway (${chart})`, () => {
      assert.throws(() => render(chart), /access\.keysSecret names a Secret.*access\.open=true/)
    })
  }

  it('refuse keys for a gateway that lets everybody in', () => {
    const both = [...openTo.knative, '--set', 'access.keysSecret=ocr-keys']
    assert.throws(() => render('knative', ...both), /access\.open lets everybody in/)
  })

  it('write large numbers out', (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'values-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'values.yaml')
    writeFileSync(file, 'settings: { OCR_MAX_PIXELS: 60000000, OCR_MAX_UPLOAD_BYTES: 31457280 }')
    for (const [chart, value] of [
      ['kserve', '"60000000"'],
      ['knative', '"31457280"'],
    ] as const) {
      const manifests = render(chart, ...openTo[chart], '--values', file)
      assert.ok(JSON.stringify(manifests).includes(value))
    }
  })

  it('leave fractions as they are', () => {
    for (const chart of ['kserve', 'knative'] as const) {
      const set = ['--set-json', 'settings={"OTEL_TRACES_SAMPLER_ARG":0.25}']
      const [pod] = render(chart, ...openTo[chart], ...set).flatMap(podsOf)
      const { env } = pod.containers[0]
      assert.deepEqual(env.at(-1), { name: 'OTEL_TRACES_SAMPLER_ARG', value: '0.25' })
    }
  })

  it('take other names and several releases in a namespace', () => {
    const set = 'gateway.name=g,gateway.model=m,model.name=m'
    const manifests = render(charts.system, ...openTo[charts.system], '--set', set)
    const names = manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`)
    assert.deepEqual(
      names.filter((name) => /ocr-/.test(name)),
      [],
    )
    assert.match(
      JSON.stringify(manifests),
      /http:\/\/m-predictor.ocr.svc.cluster.local\/v2\/models\/m\/infer/,
    )
  })

  it('take an image by its digest', () => {
    const digest = `sha256:${'0'.repeat(64)}`
    const [service] = ofKind(
      render('kserve', '--set', `image.digest=${digest}`),
      'InferenceService',
    )
    const { image } = service.spec.predictor.containers[0]
    assert.equal(image, `ghcr.io/knative-ocr/ocr-model@${digest}`)
  })

  it('differ between two versions by nothing but the images', () => {
    const lines = (tag: string) =>
      JSON.stringify(render('kserve', '--set', `image.tag=${tag}`), null, 1).split('\n')
    const [one, other] = [lines('1.0.0'), lines('1.0.1')]
    const changed = one.filter((line, index) => line !== other[index])
    for (const line of changed) assert.match(line, /"(?:image|app.kubernetes.io\/version)"/)
    assert.ok(changed.length > 0)
  })
})

for (const [name, manifests] of Object.entries(renderings)) {
  describe(`the system as rendered for ${name}`, () => {
    const pods = manifests.flatMap(podsOf)
    const containers: Manifest[] = pods.flatMap((pod) => pod.containers)
    const isKnative = name.includes('knative')

    const variableOf = (image: string, name: string): string =>
      containers
        .find((container) => container.image.includes(image))
        .env.find((variable: Manifest) => variable.name === name).value

    it('has one InferenceService, one gateway and their accounts', () => {
      assert.equal(ofKind(manifests, 'InferenceService').length, 1)
      assert.equal(ofKind(manifests, 'ServiceAccount').length, 2)
      assert.equal(ofKind(manifests, 'NetworkPolicy').length, 2)
      const budgets = name.includes('production') ? 1 : 0
      assert.equal(ofKind(manifests, 'PodDisruptionBudget').length, budgets)
      assert.equal(ofKind(manifests, 'Deployment').length, isKnative ? 0 : 1)
      assert.equal(ofKind(manifests, 'ServingRuntime').length, name.includes('data') ? 1 : 0)
      assert.equal(pods.length, name.includes('events') ? 3 : 2)
    })

    it('meets the restricted Pod Security Standard, and more', () => {
      for (const { securityContext, resources, image, volumeMounts = [] } of containers) {
        assert.deepEqual(securityContext, {
          runAsNonRoot: true,
          runAsUser: 65532,
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
          seccompProfile: { type: 'RuntimeDefault' },
        })
        for (const of of ['requests', 'limits']) {
          assert.ok(resources[of].cpu && resources[of].memory, image)
        }
        assert.match(image, /:\d+\.\d+\.\d+$/)
        for (const { mountPath, readOnly } of volumeMounts) {
          assert.ok(mountPath === '/tmp' || readOnly, mountPath)
        }
      }
      for (const { emptyDir, secret } of pods.flatMap(({ volumes = [] }) => volumes)) {
        assert.ok(secret || emptyDir.medium === 'Memory')
      }
      for (const account of ofKind(manifests, 'ServiceAccount')) {
        assert.equal(account.automountServiceAccountToken, false)
      }
    })

    it('sets only variables that the services have, to values that they take', () => {
      for (const container of containers) {
        const settings = container.name === 'gateway' ? gatewaySettings : modelSettings
        const variables = container.env.filter(({ name }: Manifest) => name !== 'PROTOCOL')
        const names = variables.map(({ name }: Manifest) => name)
        assert.ok(names.length >= 4)
        assert.equal(new Set(names).size, names.length, names.join())
        for (const { name, value } of variables) {
          const setting = Object.values(settings).find((candidate) => candidate.name === name)
          assert.notEqual(setting?.parse(value), undefined, `${container.name}: ${name}=${value}`)
        }
      }
    })

    it('lets everybody in for development, and in production who has a key', () => {
      const gateway = pods.find(({ containers }) => containers[0].name === 'gateway')
      const isOpen = name.includes('dev')
      assert.equal(variableOf('ocr-gateway', 'OCR_ACCESS'), isOpen ? 'open' : 'keys')
      if (isOpen) return assert.equal(gateway.volumes, undefined)
      const { mountPath } = gateway.containers[0].volumeMounts[0]
      const { secretName, items, defaultMode } = gateway.volumes[0].secret
      assert.equal(secretName, 'ocr-keys')
      assert.deepEqual(items, [{ key: 'keys', path: 'keys' }])
      assert.equal(variableOf('ocr-gateway', 'OCR_KEYS_FILE'), `${mountPath}/keys`)
      // The file is root's, and the gateway is somebody else.
      assert.equal(defaultMode, 0o444)
    })

    it('runs as many engines as requests come to a pod, on as many CPUs', () => {
      const model = containers.find(({ image }) => image.includes('ocr-model'))
      const engines = model.env.find(({ name }: Manifest) => name === 'OCR_ENGINE_PROCESSES').value
      assert.equal(model.resources.limits.cpu, engines)
      const { predictor } = ofKind(manifests, 'InferenceService')[0].spec
      if (!isKnative) return
      assert.equal(String(predictor.containerConcurrency), engines)
      assert.equal(String(predictor.scaleTarget), engines)
    })

    it('has room in each gateway for all that Knative gives to it, though one caller sends it', () => {
      for (const { containerConcurrency, containers } of pods) {
        const variables: Manifest[] = containers[0].env
        const limit = variables.find((variable) => variable.name === 'OCR_MAX_REQUESTS')?.value
        if (!containerConcurrency || !limit) continue
        const admission = createAdmission({ limit: Number(limit) })
        for (let count = 0; count < containerConcurrency; count++) admission.admit('alice')
        assert.ok(admission.limit <= containerConcurrency * 1.25)
      }
    })

    it('has the gateway call the model by the address that KServe gives it', () => {
      const { name } = ofKind(manifests, 'InferenceService')[0].metadata
      assert.equal(
        variableOf('ocr-gateway', 'KSERVE_URL'),
        `http://${name}-predictor.ocr.svc.cluster.local/v2/models/${name}/infer`,
      )
    })

    it('probes paths that are served, on the port that is listened on', async () => {
      const model = createApp(protocolOptions())
      for (const { image, ports, readinessProbe, livenessProbe } of containers) {
        assert.equal(ports.length, 1)
        for (const { httpGet } of [readinessProbe, livenessProbe]) {
          assert.equal(httpGet.port, ports[0].containerPort)
          assert.equal(httpGet.port, modelSettings.port.fallback)
          if (image.includes('ocr-model')) {
            assert.equal((await model.request(httpGet.path)).status, 200, httpGet.path)
          } else assert.ok([livezRoute, readyzRoute].some(({ path }) => path === httpGet.path))
        }
      }
    })

    it('gives requests more time than the services take for them', () => {
      const { predictor } = ofKind(manifests, 'InferenceService')[0].spec
      const gateway =
        ofKind(manifests, 'Deployment')[0]?.spec.template.spec.terminationGracePeriodSeconds ??
        ofKind(manifests, 'Service')[0].spec.template.spec.timeoutSeconds
      const model = predictor.timeout ?? predictor.terminationGracePeriodSeconds
      assert.ok(model * 1000 > Number(variableOf('ocr-model', 'OCR_REQUEST_TIMEOUT_MS')))
      assert.ok(gateway * 1000 > Number(variableOf('ocr-gateway', 'OCR_REQUEST_TIMEOUT_MS')))
      assert.ok(gateway > model)
    })

    it('writes what Knative and KServe would not rewrite', () => {
      const { metadata, spec } = ofKind(manifests, 'InferenceService')[0]
      assert.equal(
        metadata.annotations['serving.kserve.io/deploymentMode'],
        isKnative ? 'Knative' : 'Standard',
      )
      if (spec.predictor.containers) assert.equal(spec.predictor.containers[0].ports[0].name, 'h2c')
      assert.equal('status' in ofKind(manifests, 'InferenceService')[0], false)
    })
  })
}

describe('the images', () => {
  for (const service of ['gateway', 'model'] as const) {
    const dockerfile = readFileSync(`Dockerfile.${service}`, 'utf8')

    it(`hold the sources of the ${service} and no others`, () => {
      const copied = [...dockerfile.matchAll(/^COPY (functions\/\S+) /gm)].map(([, path]) => path)
      assert.deepEqual(copied, ['functions/contract', 'functions/platform', `functions/${service}`])
    })

    it(`check the health of the ${service} where its chart does, as the user of its chart`, () => {
      const [text] = Object.values(renderings)
      const container = text
        ?.flatMap(podsOf)
        .flatMap((pod) => pod.containers)
        .find(({ image }) => image.includes(`ocr-${service}`))
      assert.ok(dockerfile.includes(`}${container.livenessProbe.httpGet.path}\``))
      const users = [...dockerfile.matchAll(/^USER (.*)$/gm)].map(([, user]) => user)
      assert.equal(users.at(-1), String(container.securityContext.runAsUser))
      assert.match(dockerfile, /^EXPOSE 8080$/m)
    })
  }
})
