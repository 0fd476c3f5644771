import { UsageError } from './exit-codes.ts'

/** Where results are written, and what becomes of files that are there already. */
export interface Writing {
  /** Undefined for beside the inputs. */
  readonly folder: string | undefined
  readonly isForced: boolean
  readonly isSkipping: boolean
}

interface WritingFlags {
  readonly write?: boolean | undefined
  readonly 'output-dir'?: string | undefined
  readonly force?: boolean | undefined
  readonly 'skip-existing'?: boolean | undefined
}

/**
 * Undefined when everything is printed.
 * @throws UsageError for flags that do not go together
 */
export function writingBy(flags: WritingFlags): Writing | undefined {
  const { write = false, force: isForced = false } = flags
  const { 'output-dir': folder, 'skip-existing': isSkipping = false } = flags
  if (folder === '-' || folder === '') {
    throw new UsageError('--output-dir needs the name of a folder; without it the text is printed.')
  }
  if (write && folder !== undefined) {
    throw new UsageError(
      '--write is for files beside the inputs, --output-dir for a folder: use one.',
    )
  }
  if (isForced && isSkipping) {
    throw new UsageError('--force overwrites files that --skip-existing keeps: use one.')
  }
  if (write || folder !== undefined) return { folder, isForced, isSkipping }
  if (isSkipping) throw new UsageError('--skip-existing is for --write and --output-dir.')
  return undefined
}
