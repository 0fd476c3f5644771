import type { Output } from '../files/outputs.ts'

type Print = (chunk: string | Uint8Array) => Promise<void>

/**
 * Outputs that are printed one after the other in the order in which they are opened, although several are made at
 * once. The first of those under way is printed as it comes; the others wait for it, and so do those who make them.
 * @param hasHeaders whether each begins with its name, as `head` and `tail` do it
 */
export function createPrintedOutputs(
  print: Print,
  { hasHeaders }: { hasHeaders: boolean },
): (label: string) => Output {
  let last: Promise<void> = Promise.resolve()
  let isFirst = true

  const headerOf = (label: string): string[] => {
    if (!hasHeaders) return []
    const separator = isFirst ? '' : '\n'
    isFirst = false
    return [`${separator}==> ${label} <==\n`]
  }

  return (label) => {
    const turn = last
    let release = () => {}
    last = new Promise((resolve) => {
      release = resolve
    })
    let isTurn = false
    void turn.then(() => {
      isTurn = true
    })
    let hasBegun = false
    const waiting: Array<string | Uint8Array> = []

    const flush = async () => {
      if (!hasBegun) waiting.unshift(...headerOf(label))
      hasBegun = true
      for (const chunk of waiting.splice(0)) await print(chunk)
    }
    return {
      async write(chunk) {
        waiting.push(chunk)
        if (isTurn) await flush()
      },
      async finish() {
        await turn
        await flush()
      },
      async [Symbol.asyncDispose]() {
        void turn.then(release)
      },
    }
  }
}
