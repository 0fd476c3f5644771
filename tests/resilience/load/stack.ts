import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Command,
  type Model,
  type Service,
  settle,
  startGateway,
  startModel,
} from '../../services/start.ts'

/** Both services, run from their bundles as their images do, without what runs sources in tests. */
export interface Stack extends AsyncDisposable {
  readonly model: Model
  readonly gateway: Service
}

interface StackSettings {
  readonly model?: Record<string, string>
  readonly gateway?: Record<string, string>
}

/** Starts both, and waits until they have loaded all that they load late. */
export async function startStack(settings: StackSettings = {}): Promise<Stack> {
  await using started = new AsyncDisposableStack()
  const model = await startModel(settings.model, bundled('model'))
  started.defer(() => end(model))
  const gateway = await startGateway(model, settings.gateway, bundled('gateway'))
  started.defer(() => end(gateway))
  await Promise.all([settle(model), settle(gateway)])
  const all = started.move()
  return { model, gateway, [Symbol.asyncDispose]: () => all.disposeAsync() }
}

const bundles = new Map<string, Command>()

/** The command that runs a service's bundle, which is made when it is first wanted and removed at the exit. */
export function bundled(service: 'model' | 'gateway'): Command {
  const known = bundles.get(service)
  if (known) return known
  const folder = mkdtempSync(join(tmpdir(), `ocr-${service}-`))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  execFileSync(process.execPath, ['scripts/bundle.mjs', service, folder])
  const command: Command = [process.execPath, ...nodeFlags(service), join(folder, 'main.js')]
  bundles.set(service, command)
  return command
}

/** The flags that the image has Node run with. */
function nodeFlags(service: string): string[] {
  const [, list] = /^CMD (\[.*\])$/m.exec(readFileSync(`Dockerfile.${service}`, 'utf8')) ?? []
  if (!list) throw new Error(`Dockerfile.${service} has no CMD on a line.`)
  return (JSON.parse(list) as string[]).filter((word) => word.startsWith('--'))
}

/** Ends a service unless it has ended, and waits until all of its log is there. */
export async function end({ child, stop }: Service): Promise<void> {
  const hasEnded = child.exitCode !== null || child.signalCode !== null
  if (hasEnded && child.stdout?.readableEnded) return
  const closed = once(child, 'close')
  if (!hasEnded) await stop()
  await closed
}
