import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { OcrError } from '../../contract/errors.ts'
import { type KernelLimits, killGroup, programEnvironment, withinLimits } from '../program.ts'
import { headerEnd, isPageOf, PendingOutput, pageEnd } from './output.ts'

const maxComplaintBytes = 4096
const closeGraceMs = 500

/** The process ended by itself, or broke the protocol and was ended. */
export class ProcessDied extends Error {
  override readonly name = 'ProcessDied'
  /** It ended while it was loading, so no page is to blame. */
  readonly wasStarting: boolean

  constructor(message: string, wasStarting: boolean) {
    super(message)
    this.wasStarting = wasStarting
  }
}

/** How a process ended: by itself, with the page that it worked on, or because it was no longer wanted. */
export type EndReason = 'crashed' | 'killed' | 'recycled' | 'replaced' | 'closed'

interface Command {
  readonly file: string
  readonly args: readonly string[]
  readonly limits: KernelLimits
  /** Time to load the language data. */
  readonly loadMs: number
  /** Most bytes of a page. */
  readonly outputBytes: number
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>

/**
 * One tesseract process that reads pages until it is closed. `stdbuf` makes it write each page as soon
 * as it is recognized. It runs in a process group of its own, so that a Ctrl-C meant for us does not
 * reach it and a kill takes all of it.
 */
export class WarmProcess {
  /** Pages that were given to it. */
  pages = 0
  /** Resolves when it is gone. */
  readonly ended: Promise<EndReason>
  /** Its language data is loaded; rejects with ProcessDied. */
  readonly loaded: Promise<unknown>
  readonly #child: Child
  #endReason: EndReason = 'crashed'
  #isAlive = true
  readonly #output = new PendingOutput()
  readonly #outputBytes: number
  #hasTooMuch = false
  #complaints = ''
  #waiter: PromiseWithResolvers<Buffer> | undefined

  constructor({ file, args, limits, loadMs, outputBytes }: Command) {
    this.#outputBytes = outputBytes
    this.#child = spawn(...withinLimits(limits, 'stdbuf', ['-o0', file, ...args]), {
      detached: true,
      env: programEnvironment,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.ended = new Promise((resolve) => this.#child.once('close', () => resolve(this.#endReason)))
    this.#child.once('close', (code, signal) => this.#onClose(`ended with ${signal ?? code}`))
    // 'close' follows; it says that the program is missing, or that writing to a dead process failed.
    this.#child.on('error', (error) => this.#complain(error.message))
    this.#child.stdin.on('error', (error) => this.#complain(error.message))
    this.#child.stdout.on('data', (chunk: Buffer) => this.#onOutput(chunk))
    this.#child.stderr.on('data', (chunk: Buffer) => this.#complain(chunk.toString()))
    this.loaded = this.#nextOutput()
    // Awaited by the first page; a process that never gets one must not end the service.
    this.loaded.catch(() => undefined)
    this.#limitLoad(loadMs)
  }

  get isAlive(): boolean {
    return this.#isAlive
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /**
   * Recognizes the image file at `path`, as soon as the process is ready; one page at a time.
   * @returns the page's hOCR
   * @throws ProcessDied, OcrError `output_too_large`, or the signal's reason; the process is gone by then if it had
   *   begun
   */
  async recognize(path: string, signal: AbortSignal): Promise<string> {
    const onAbort = () => this.#end('killed')
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      signal.throwIfAborted()
      await this.loaded
      this.pages++
      this.#child.stdin.write(`${path}\n`)
      const output = await this.#nextOutput()
      if (!isPageOf(path, output)) await this.#breakOff()
      return output.toString('utf8')
    } catch (error) {
      throw signal.aborted ? signal.reason : error
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  /** Ends the process at once; resolves when it is gone. */
  async kill(reason: EndReason): Promise<void> {
    this.#end(reason)
    await this.ended
  }

  /** Lets an idle process end by itself, and kills it if it does not. */
  async close(reason: EndReason): Promise<void> {
    this.#endReason = reason
    this.#child.stdin.end()
    const timer = setTimeout(() => this.#signalGroup(), closeGraceMs)
    await this.ended
    clearTimeout(timer)
  }

  #limitLoad(ms: number): void {
    const timer = setTimeout(() => {
      this.#complain('loading takes too long')
      this.#signalGroup()
    }, ms)
    const stop = () => clearTimeout(timer)
    this.loaded.then(stop, stop)
  }

  /** Ends it since what it wrote cannot be trusted, and so no page that it would write after that. */
  async #breakOff(): Promise<never> {
    await this.kill('crashed')
    throw this.#died('answered with another page')
  }

  #end(reason: EndReason): void {
    this.#endReason = reason
    this.#signalGroup()
  }

  /** What the process writes up to the next end mark. */
  #nextOutput(): Promise<Buffer> {
    this.#waiter = Promise.withResolvers<Buffer>()
    if (!this.#isAlive) this.#waiter.reject(this.#died('is gone'))
    return this.#waiter.promise
  }

  #onOutput(chunk: Buffer): void {
    this.#output.add(chunk)
    this.#hasTooMuch = this.#output.bytes > this.#outputBytes
    if (this.#hasTooMuch || !this.#waiter) {
      this.#complain(this.#waiter ? 'too much output' : 'output without a page')
      this.#signalGroup()
      return
    }
    const output = this.#output.takeUpTo(this.pages === 0 ? headerEnd : pageEnd)
    if (!output) return
    const waiter = this.#waiter
    this.#waiter = undefined
    waiter.resolve(output)
  }

  #onClose(how: string): void {
    this.#isAlive = false
    this.#output.clear()
    this.#waiter?.reject(this.#died(how))
  }

  #died(how: string): Error {
    const message = `tesseract ${how}: ${this.#complaints.trim()}`
    const cause = new ProcessDied(message, this.pages === 0)
    if (!this.#hasTooMuch || cause.wasStarting) return cause
    // It would write as much once more.
    const limit = `${this.#outputBytes} bytes of hOCR that are allowed`
    return new OcrError('output_too_large', `A page has more than the ${limit}.`, { cause })
  }

  #complain(text: string): void {
    this.#complaints = (this.#complaints + text).slice(-maxComplaintBytes)
  }

  #signalGroup(): void {
    if (this.#isAlive) killGroup(this.#child)
  }
}
