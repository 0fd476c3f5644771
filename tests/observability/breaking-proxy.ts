import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Between the gateway and the model. */
export interface BreakingProxy {
  readonly origin: string
  /** Breaks the next connection that is used again, as if the other side had let go of it at that moment. */
  breakNext(): void
  close(): Promise<void>
}

/** @param origin of whom it leads to */
export async function startBreakingProxy(origin: string): Promise<BreakingProxy> {
  const { hostname, port } = new URL(origin)
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket))
  }
  let isToBreak = false
  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    keep(near)
    keep(far)
    near.on('data', () => {
      if (!isToBreak || near.bytesWritten === 0) return
      isToBreak = false
      near.resetAndDestroy()
      far.destroy()
    })
    near.pipe(far).pipe(near)
    near.once('close', () => far.destroy())
    far.once('close', () => near.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    breakNext() {
      isToBreak = true
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
