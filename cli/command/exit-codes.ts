/** What the process ends with, and what that means. */
export const exitCodes = {
  ok: { code: 0, meaning: 'every file was read' },
  failed: { code: 1, meaning: 'a file or a page was not read' },
  usage: { code: 2, meaning: 'the command is not valid; nothing was sent' },
  unreachable: { code: 3, meaning: 'the gateway cannot be reached' },
  hungUp: { code: 129, meaning: 'ended by SIGHUP, such as when its terminal closes' },
  interrupted: { code: 130, meaning: 'ended by Ctrl-C' },
  terminated: { code: 143, meaning: 'ended by SIGTERM' },
} as const

export type Exit = keyof typeof exitCodes

/** A command that is not valid; the message says what to write in its place. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Why all files are given up: the reason of the signal that ends the calls for them. */
export class Stop extends Error {
  override readonly name = 'Stop'
  readonly exit: Exit

  constructor(exit: Exit) {
    super(exitCodes[exit].meaning)
    this.exit = exit
  }
}
