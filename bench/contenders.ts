import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Agent, request } from 'undici'
import type { Engine } from '../functions/model/engine/engine.ts'
import { createOneshotEngine } from '../functions/model/engine/oneshot.ts'
import { createWarmEngine } from '../functions/model/engine/warm.ts'
import { engineParts, usualLimits } from '../functions/model/fixtures/engine-limits.ts'
import { installedTessdata } from '../functions/model/fixtures/installation.ts'
import { createSlots } from '../functions/platform/slots.ts'
import { startGateway, startModel } from '../tests/services/start.ts'

/** One way to read an image; closed when it has been measured. */
export interface Contender {
  readonly name: string
  read(image: Buffer): Promise<void>
  close(): Promise<void>
}

const options = { lang: 'eng', tessdata: await installedTessdata(), psm: 3, oem: 3 }
const timeoutMs = 600_000
const { signal: never } = new AbortController()

/** As pytesseract does it: a temporary file and a process per request, threads left to tesseract. */
export function oldWay(): Contender {
  const files = createFiles()
  return {
    name: '(a) old way: process per request, default threads',
    async read(image) {
      const file = files.write(image)
      const child = spawn('tesseract', [file.path, '-'], { stdio: ['ignore', 'pipe', 'ignore'] })
      child.stdout.resume()
      const [code] = await once(child, 'close')
      file[Symbol.dispose]()
      if (code !== 0) throw new Error(`tesseract ended with ${code}`)
    },
    close: async () => files.remove(),
  }
}

export function oneshot(size: number): Contender {
  const engine = createOneshotEngine({ file: 'tesseract', timeoutMs, limits: usualLimits })
  return engineAlone('(b) oneshot engine', engine, size)
}

export function warm(size: number): Contender {
  const engine = createWarmEngine({ file: 'tesseract', size, ...engineParts() })
  return engineAlone('(c) warm engine', engine, size)
}

/** The engine without decoder and services; it is given the image as a file in memory. */
function engineAlone(name: string, engine: Engine, size: number): Contender {
  const files = createFiles()
  const slots = createSlots(size)
  return {
    name,
    async read(image) {
      using _slot = await slots.acquire(never)
      using file = files.write(image)
      await engine.recognize(file.path, options, never)
    },
    async close() {
      await engine.close()
      files.remove()
    },
  }
}

/** Upload to the gateway, binary tensor to the model, warm engine, and back; three processes of ours. */
export async function wholePath(size: number): Promise<Contender> {
  const room = '1000'
  const model = await startModel({ OCR_ENGINE_PROCESSES: String(size), OCR_QUEUE_LIMIT: room })
  const gateway = await startGateway(model, { OCR_MAX_REQUESTS: room })
  const agent = new Agent()
  return {
    name: '(d) whole path: gateway → model → warm engine',
    async read(image) {
      const { statusCode, body } = await request(`${gateway.url}/gateway/ocr`, {
        ...formOf(image),
        method: 'POST',
        dispatcher: agent,
      })
      const text = await body.text()
      if (statusCode !== 200) throw new Error(`The gateway answered ${statusCode}: ${text}`)
    },
    async close() {
      await agent.close()
      await gateway.stop()
      await model.stop()
    },
  }
}

/** A form with the image in its field, as bytes: fetch's FormData would take a millisecond to send. */
function formOf(image: Buffer) {
  const boundary = 'ocr-bench'
  const disposition = 'form-data; name="image_file"; filename="image.png"'
  const head = `--${boundary}\r\nContent-Disposition: ${disposition}\r\n\r\n`
  const body = Buffer.concat([Buffer.from(head), image, Buffer.from(`\r\n--${boundary}--\r\n`)])
  return { body, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } }
}

/** Temporary files in memory, as the model has them. */
function createFiles() {
  const folder = mkdtempSync('/dev/shm/ocr-bench-')
  let count = 0
  return {
    write(image: Buffer): Disposable & { path: string } {
      const path = join(folder, `${++count}.png`)
      writeFileSync(path, image)
      return { path, [Symbol.dispose]: () => rmSync(path) }
    },
    remove: () => rmSync(folder, { recursive: true }),
  }
}
