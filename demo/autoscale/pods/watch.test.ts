import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fakeKubectl, isAlive } from './fixtures/kubectl.ts'
import { type PodWatch, watchPods } from './watch.ts'

const options = {
  namespace: 'ocr.test',
  names: { gateway: 'ocr-gateway', model: 'ocr-model' },
  everyMs: 5,
  patienceMs: 300,
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await pause(5)
}

/** Lets a kubectl behave so until it has been given up; the test's own time limit ends what does not. */
async function lossBy(behavior: Parameters<typeof fakeKubectl>[0]): Promise<PodWatch> {
  using kubectl = fakeKubectl(behavior)
  await using watch = watchPods({ ...options, environment: kubectl.environment })
  await until(() => watch.lost !== undefined)
  await watch.begun
  assert.equal(watch.latest, undefined)
  return watch
}

describe('the watch of pods', () => {
  it('counts them by one kubectl, which is gone when it is over', async () => {
    using kubectl = fakeKubectl('well')
    {
      await using watch = watchPods({ ...options, environment: kubectl.environment })
      await watch.begun
      await until(() => watch.samples.length >= 3)
      assert.equal(watch.lost, undefined)
      const [first, second, third] = watch.samples
      assert.deepEqual(first?.model, { wanted: 1, ready: 0 })
      assert.deepEqual(third?.gateway, { wanted: 3, ready: 2 })
      assert.ok((first?.at ?? 0) < (second?.at ?? 0))
      assert.ok(isAlive(kubectl.pid))
    }
    assert.ok(!isAlive(kubectl.pid))
  })

  it('is given up when kubectl dies, and says what it said', async () => {
    const { lost, samples } = await lossBy('dies')
    assert.equal(lost, 'kubectl ended with 1: error: the cluster is not there')
    assert.deepEqual(samples, [])
  })

  it('keeps what it saw before kubectl died', async () => {
    const { lost, samples } = await lossBy('dies-later')
    assert.match(lost ?? '', /^kubectl ended with 3/)
    assert.equal(samples.length, 2)
  })

  for (const [behavior, reason] of [
    ['garbage', 'kubectl answered with something else than Deployments'],
    ['forbidden', 'the API server answered 403'],
    ['hangs', 'kubectl did not answer in time'],
    ['deaf', 'kubectl did not begin to listen'],
  ] as const) {
    it(`is given up when kubectl is ${behavior}`, async () => {
      assert.equal((await lossBy(behavior)).lost, reason)
    })
  }

  it('is given up when there is no kubectl', async () => {
    await using watch = watchPods({ ...options, environment: { PATH: '/nowhere' } })
    await watch.begun
    assert.match(watch.lost ?? '', /^kubectl could not be started \(.*ENOENT/)
  })

  it('ends at once while kubectl hangs', async () => {
    using kubectl = fakeKubectl('hangs')
    const watch = watchPods({ ...options, patienceMs: 1e9, environment: kubectl.environment })
    await pause(50)
    await watch[Symbol.asyncDispose]()
    await watch.begun
    assert.equal(watch.lost, undefined)
  })
})
