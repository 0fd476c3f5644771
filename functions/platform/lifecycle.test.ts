import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, it } from 'node:test'

/** Runs a main function with a `lifecycle` in a process of its own. */
function start(code: string): ChildProcess & { output: () => string } {
  const script = `import { run } from './functions/platform/lifecycle.ts'
    const say = (text) => process.stdout.write(text + '\\n')
    await run(async (lifecycle) => {
      ${code}
      setInterval(() => {}, 1000)
      say('up')
    })`
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data))
  return Object.assign(child, { output: () => output })
}

async function until(child: ReturnType<typeof start>, text: string): Promise<void> {
  while (!child.output().includes(text)) await once(child.stdout ?? child, 'data')
}

describe('the life of a service', () => {
  it('ends what was started, last first, and exits 0 at SIGTERM', async () => {
    const child = start(`
      lifecycle.onStop(async () => say('engine closed'))
      lifecycle.onStop(async () => say('server closed, draining: ' + lifecycle.isDraining))`)
    await until(child, 'up')
    child.kill('SIGTERM')
    const [code] = await once(child, 'close')
    assert.equal(code, 0)
    assert.equal(child.output(), 'up\nserver closed, draining: true\nengine closed\n')
  })

  it('ends at once at a second signal', async () => {
    const child = start(`lifecycle.onStop(() => { say('waiting'); return new Promise(() => {}) })`)
    await until(child, 'up')
    child.kill('SIGINT')
    await until(child, 'waiting')
    child.kill('SIGINT')
    const [code] = await once(child, 'close')
    assert.equal(code, 1)
  })

  it('ends all else and exits 1 when stopping fails', async () => {
    const child = start(`
      lifecycle.onStop(() => say('workspace removed'))
      lifecycle.onStop(async () => { throw new Error('stuck') })`)
    await until(child, 'up')
    child.kill('SIGTERM')
    const [code] = await once(child, 'close')
    assert.equal(code, 1)
    assert.equal(child.output(), 'up\nstuck\nworkspace removed\n')
  })

  it('is ready once it is marked so, and no longer when it drains', async () => {
    const child = start(`
      say('ready: ' + lifecycle.isReady)
      lifecycle.markReady()
      say('ready: ' + lifecycle.isReady)
      lifecycle.onStop(async () => { lifecycle.markReady(); say('ready: ' + lifecycle.isReady) })`)
    await until(child, 'up')
    child.kill('SIGTERM')
    await once(child, 'close')
    assert.equal(child.output(), 'ready: false\nready: true\nup\nready: false\n')
  })

  it('tells what is left of a grace that begins with the signal', async () => {
    const child = start(`
      say('left: ' + lifecycle.graceLeftMs(50))
      lifecycle.onStop(() => say('left: ' + lifecycle.graceLeftMs(50)))
      lifecycle.onStop(async () => {
        await new Promise((resolve) => setTimeout(resolve, 80))
        const left = lifecycle.graceLeftMs(60_000)
        say('less: ' + (left < 59_930 && left > 0))
      })`)
    await until(child, 'up')
    child.kill('SIGTERM')
    await once(child, 'close')
    assert.equal(child.output(), 'left: 50\nup\nless: true\nleft: 0\n')
  })

  it('says in one line why it cannot start, ends what it began and exits 1', async () => {
    const child = start(`
      lifecycle.onStop(() => say('workspace removed'))
      throw new Error('PORT is "x"')`)
    const [code] = await once(child, 'close')
    assert.equal(code, 1)
    assert.deepEqual(child.output().trim().split('\n').sort(), ['PORT is "x"', 'workspace removed'])
  })

  it('exits 0 with all ended when a signal breaks the start off', async () => {
    const child = start(`
      let broken
      lifecycle.onStop(async () => {
        await new Promise((resolve) => setTimeout(resolve, 50))
        say('workspace removed')
      })
      lifecycle.onStop(() => broken(new Error('engine ended')))
      say('starting')
      setInterval(() => {}, 1000)
      await new Promise((_, reject) => { broken = reject })`)
    await until(child, 'starting')
    child.kill('SIGTERM')
    const [code] = await once(child, 'close')
    assert.equal(code, 0)
    assert.equal(child.output(), 'starting\nworkspace removed\n')
  })

  it('ends what the start adds while it stops', async () => {
    const child = start(`
      let go
      lifecycle.onStop(async () => {
        go()
        await new Promise((resolve) => setTimeout(resolve, 50))
        say('engine closed')
      })
      say('starting')
      setInterval(() => {}, 1000)
      await new Promise((resolve) => { go = resolve })
      lifecycle.onStop(() => say('late one closed'))`)
    await until(child, 'starting')
    child.kill('SIGTERM')
    const [code] = await once(child, 'close')
    assert.equal(code, 0)
    assert.equal(child.output(), 'starting\nup\nengine closed\nlate one closed\n')
  })

  it('ends although nobody reads its log any more', async () => {
    const child = start(`
      const { createLog } = await import('./functions/platform/log.ts')
      const log = createLog({ service: 'test', level: 'info' })
      lifecycle.onStop(() => log.info('stopped'))
      lifecycle.onStop(() => log.info('stopping'))`)
    await until(child, 'up')
    child.stdout?.destroy()
    child.kill('SIGTERM')
    const [code] = await once(child, 'exit')
    assert.equal(code, 0)
  })
})
