import { bundled } from '../../services/bundles.ts'
import {
  end,
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
