import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { cpuMs } from './cpu.ts'
import type { AccuracyDocument } from './documents.ts'

/** One way to read a document. */
export interface Contender {
  readonly name: string
  /** `ms` is CPU time, of this process and of its children. */
  read(document: AccuracyDocument): Promise<{ text: string; ms: number }>
  close(): Promise<void>
}

/** A contender that is asked for one document at a time, so what CPU time passes is its own. */
export function contender(
  name: string,
  readText: (document: AccuracyDocument) => Promise<string>,
  close: () => Promise<void> = () => Promise.resolve(),
): Contender {
  return {
    name,
    async read(document) {
      const before = cpuMs()
      const read = await readText(document)
      return { text: read, ms: cpuMs() - before }
    },
    close,
  }
}

/** What anybody gets who calls tesseract on the file as it is; with one thread, for comparable times. */
export function plain(): Contender {
  const folder = mkdtempSync('/dev/shm/ocr-accuracy-')
  const file = join(folder, 'image')
  const env = { ...process.env, OMP_THREAD_LIMIT: '1' }
  const read = async ({ image, lang }: AccuracyDocument) => {
    writeFileSync(file, image)
    const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore']
    const child = spawn('tesseract', [file, '-', '-l', lang], { stdio, env })
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')])
    if (code !== 0) throw new Error(`tesseract ended with ${code}`)
    return output
  }
  return contender('plain', read, async () => rmSync(folder, { recursive: true }))
}
