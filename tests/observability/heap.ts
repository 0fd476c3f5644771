import { once } from 'node:events'
import type { Service } from '../services/start.ts'
import { until } from '../services/until.ts'

/** For a service whose heap is to be measured. */
export const inspected = {
  NODE_OPTIONS: '--inspect=127.0.0.1:0',
}

/** Bytes of JavaScript's heap that a service cannot do without: after a full collection of its garbage. */
export async function heapBytes(service: Service): Promise<number> {
  const url = await until(() => /Debugger listening on (ws:\S+)/.exec(service.log())?.[1])
  const socket = new WebSocket(url)
  await once(socket, 'open')
  let calls = 0
  const call = async (method: string): Promise<unknown> => {
    const id = ++calls
    const answer = new Promise((resolve) => {
      socket.addEventListener('message', function read({ data }) {
        const { id: answered, result } = JSON.parse(String(data))
        if (answered !== id) return
        socket.removeEventListener('message', read)
        resolve(result)
      })
    })
    socket.send(JSON.stringify({ id, method }))
    return await answer
  }
  try {
    await call('HeapProfiler.collectGarbage')
    const { usedSize } = (await call('Runtime.getHeapUsage')) as { usedSize: number }
    return usedSize
  } finally {
    socket.close()
  }
}
