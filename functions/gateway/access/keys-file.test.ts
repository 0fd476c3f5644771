import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { pino } from 'pino'
import { keysPath, replaceFile } from './fixtures/access.ts'
import { openKeysFile } from './keys-file.ts'

const line = (name: string): string => `${name} ${hash('sha256', name)}\n`

/** A file that is looked at every few milliseconds, and what is logged about it. */
async function opened(path: string) {
  const lines: Array<Record<string, unknown>> = []
  const log = pino({ base: null }, { write: (text: string) => void lines.push(JSON.parse(text)) })
  const file = await openKeysFile({ path, log, pollMs: 5 })
  const started = lines.length
  return {
    names: () => file.keys.map(({ name }) => name),
    /** The next line of the log after those that were taken. */
    nextLine: async () => {
      while (lines.length <= started) await pause(2)
      const { msg, keys, reason } = lines.splice(started, 1)[0] ?? {}
      return { msg, keys, reason }
    },
    lines,
    [Symbol.dispose]: file.close,
  }
}

const loaded = (keys: number) => ({ msg: 'keys loaded', keys, reason: undefined })
const kept = (reason: string) => ({
  msg: 'keys not loaded; the ones before stay in force',
  keys: undefined,
  reason,
})

describe('openKeysFile', () => {
  it('reads the file and says how many keys it has', async (t) => {
    const path = keysPath(t)
    writeFileSync(path, line('alice') + line('bob'))
    using file = await opened(path)
    assert.deepEqual(file.names(), ['alice', 'bob'])
    assert.deepEqual(
      file.lines.map(({ msg, keys }) => [msg, keys]),
      [['keys loaded', 2]],
    )
  })

  it('takes over keys that are added and taken away', async (t) => {
    const path = keysPath(t)
    writeFileSync(path, line('alice'))
    using file = await opened(path)
    replaceFile(path, line('alice') + line('bob'))
    assert.deepEqual(await file.nextLine(), loaded(2))
    assert.deepEqual(file.names(), ['alice', 'bob'])
    replaceFile(path, line('carol'))
    assert.deepEqual(await file.nextLine(), loaded(1))
    assert.deepEqual(file.names(), ['carol'])
  })

  it('sees that a mounted Secret was changed, which swaps a link above the file', async (t) => {
    const folder = dirname(keysPath(t))
    for (const [version, name] of ['alice', 'bob'].entries()) {
      mkdirSync(join(folder, `..${version}`))
      writeFileSync(join(folder, `..${version}`, 'keys'), line(name))
    }
    symlinkSync('..0', join(folder, '..data'))
    symlinkSync('..data/keys', join(folder, 'keys'))
    using file = await opened(join(folder, 'keys'))
    assert.deepEqual(file.names(), ['alice'])
    symlinkSync('..1', join(folder, '..data_tmp'))
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'))
    assert.deepEqual(await file.nextLine(), loaded(1))
    assert.deepEqual(file.names(), ['bob'])
  })

  it('keeps the keys when the file is no longer valid, says so once, and takes it when it is', async (t) => {
    const path = keysPath(t)
    writeFileSync(path, line('alice'))
    using file = await opened(path)
    replaceFile(path, `${line('alice')}bob ocr_secret\n`)
    assert.deepEqual(await file.nextLine(), kept('Line 2 is not of the form NAME SHA256-HEX.'))
    await pause(30)
    assert.equal(file.lines.length, 1)
    assert.deepEqual(file.names(), ['alice'])
    replaceFile(path, line('alice') + line('bob'))
    assert.deepEqual(await file.nextLine(), loaded(2))
  })

  it('keeps the keys when the file has gone, and reads the one that comes back', async (t) => {
    const path = keysPath(t)
    writeFileSync(path, line('alice'))
    using file = await opened(path)
    renameSync(path, `${path}.away`)
    assert.match(String((await file.nextLine()).reason), /^ENOENT/)
    assert.deepEqual(file.names(), ['alice'])
    renameSync(`${path}.away`, path)
    assert.deepEqual(await file.nextLine(), loaded(1))
  })

  it('looks no more once it is closed', async (t) => {
    const path = keysPath(t)
    writeFileSync(path, line('alice'))
    const file = await opened(path)
    file[Symbol.dispose]()
    replaceFile(path, line('bob'))
    await pause(30)
    assert.deepEqual(file.names(), ['alice'])
  })

  it('takes a file of 256 KiB, and none of a byte more', async (t) => {
    const path = keysPath(t)
    const full = line('alice').padEnd(256 * 1024, '\n')
    writeFileSync(path, full)
    using file = await opened(path)
    assert.deepEqual(file.names(), ['alice'])
    replaceFile(path, `${full}\n`)
    assert.deepEqual(await file.nextLine(), kept('It is larger than 256 KiB.'))
    await assert.rejects(opened(path), { message: 'It is larger than 256 KiB.' })
  })

  it('refuses a path where there is nothing, a folder or a named pipe, and waits for none', async (t) => {
    const folder = dirname(keysPath(t))
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    await assert.rejects(opened(join(folder, 'nothing')), { code: 'ENOENT' })
    await assert.rejects(opened(folder), { message: 'It is not a file.' })
    await assert.rejects(opened(pipe), { message: 'It is not a file.' })
  })
})
