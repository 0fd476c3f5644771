import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { ProgramFailed, type ProgramLimits, runProgram } from './program.ts'

const limits: ProgramLimits = { outputBytes: 1000, memoryBytes: 2 ** 30, cpuSeconds: 5 }
const { signal: never } = new AbortController()
const bash = (script: string, change: Partial<typeof limits> = {}, signal = never) =>
  runProgram('bash', ['-c', script], { ...limits, ...change }, signal)

describe('runProgram', () => {
  it('returns what the program writes', async () => {
    const { stdout, complaints } = await bash('echo out; echo complaint >&2')
    assert.deepEqual([stdout.toString(), complaints], ['out\n', 'complaint\n'])
  })

  it('hands over arguments as they are, without a shell, and no environment of ours', async () => {
    const { stdout } = await runProgram('echo', ['$(id)', '; ls', '-n'], limits, never)
    assert.equal(stdout.toString(), '$(id) ; ls -n\n')
    const variables = await runProgram('env', [], limits, never)
    assert.match(variables.stdout.toString(), /^PATH=.*\nLC_ALL=C.UTF-8\nOMP_THREAD_LIMIT=1\n$/)
  })

  it('throws with the code and the complaint when it fails', async () => {
    await assert.rejects(bash('echo no good >&2; exit 3'), (error) => {
      assert.ok(error instanceof ProgramFailed)
      assert.equal(error.message, 'bash ended with 3: no good')
      return error.complaints === 'no good\n'
    })
  })

  it('throws when there is no such program', async () => {
    const missing = runProgram('/nonexistent', [], limits, never)
    await assert.rejects(missing, { name: 'Error', message: '/nonexistent is not installed' })
  })

  it('takes output of exactly the limit and ends the program beyond it', async () => {
    assert.equal((await bash('head -c 1000 /dev/zero')).stdout.length, 1000)
    await assert.rejects(bash('head -c 1001 /dev/zero'), /too much output/)
    await assert.rejects(bash('cat /dev/zero'), /too much output/)
  })

  it('ends a program that takes more memory or CPU time, or writes a file', async () => {
    const hungry = 'x=$(head -c 100000000 /dev/zero | tr "\\0" x); echo -n "$x" | wc -c'
    assert.equal((await bash(hungry)).stdout.toString(), '100000000\n')
    await assert.rejects(bash(hungry, { memoryBytes: 50_000_000 }), ProgramFailed)
    await assert.rejects(bash('while :; do :; done', { cpuSeconds: 1 }), /ended with SIG/)
    const folder = mkdtempSync(join(tmpdir(), 'program-'))
    await assert.rejects(bash(`echo x > ${folder}/file`), /ended with SIGXFSZ/)
    assert.equal(statSync(join(folder, 'file')).size, 0)
    await bash(`echo x > ${folder}/file`, { fileBytes: 2 })
    await assert.rejects(bash(`echo xx > ${folder}/file`, { fileBytes: 2 }), /SIGXFSZ/)
    rmSync(folder, { recursive: true })
  })

  it('kills the program and its children when it is aborted', async () => {
    const controller = new AbortController()
    const seconds = `60.${process.pid}`
    setTimeout(() => controller.abort(new Error('enough')), 200)
    const running = bash(`sleep ${seconds} & sleep ${seconds}`, {}, controller.signal)
    await assert.rejects(running, /enough/)
    const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    assert.ok(!processes.some((pid) => commandOf(pid).includes(seconds)))
  })
})

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}
