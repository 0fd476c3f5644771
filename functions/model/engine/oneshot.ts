import tesseract from 'node-tesseract-ocr'
import { OcrError } from '../../contract/errors.ts'
import { programEnvironment, withinLimits } from '../program.ts'
import { oneshotConfig } from './arguments.ts'
import type { Engine } from './engine.ts'
import { type EngineLimits, kernelLimits } from './limits.ts'

interface OneshotOptions {
  readonly file: string
  /** For one page. */
  readonly timeoutMs: number
  readonly limits: EngineLimits
}

/**
 * Starts one process per page through node-tesseract-ocr. That library joins a shell command, so it
 * sees only our own file's path, checked options and a program name from the settings. It can neither
 * time out nor cancel: `timeout` ends the process for it, a cancelled page keeps its slot until then,
 * and `setpriv` has each process killed when its parent dies, so that none outlives us. The kernel holds it to what a
 * warm one may take. Its answer is limited to 1 MiB of hOCR, some 7,000 words.
 */
export function createOneshotEngine({ file, timeoutMs, limits }: OneshotOptions): Engine {
  const variables = Object.entries(programEnvironment).map(([name, value]) => `${name}=${value}`)
  const [limiter, limited] = withinLimits(kernelLimits(limits), file, [])
  const binary = [
    'exec env -i',
    ...variables,
    `setpriv --pdeathsig KILL timeout --signal=KILL ${timeoutMs / 1000}`,
    limiter,
    ...limited,
  ].join(' ')

  return {
    async recognize(path, engineOptions, signal) {
      signal.throwIfAborted()
      try {
        return await tesseract.recognize(path, {
          ...oneshotConfig(engineOptions),
          binary,
        })
      } catch (cause) {
        signal.throwIfAborted()
        throw new OcrError('engine_crashed', 'The engine failed on this image.', { cause })
      }
    },
    close: () => Promise.resolve(),
  }
}
