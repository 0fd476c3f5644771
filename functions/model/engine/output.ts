/** The end of what tesseract writes before the first page: the language data is loaded. */
export const headerEnd = Buffer.from('<body>\n')
/** The end of a page's `ocr_page` element; no other element is closed at this depth. */
export const pageEnd = Buffer.from('\n  </div>\n')

/** What a process has written since its last end mark. */
export class PendingOutput {
  bytes = 0
  #chunks: Buffer[] = []

  add(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.bytes += chunk.length
  }

  /** Takes all of it if it ends with the mark. */
  takeUpTo(mark: Buffer): Buffer | undefined {
    if (!this.#endsWith(mark)) return undefined
    const output = Buffer.concat(this.#chunks)
    this.clear()
    return output
  }

  clear(): void {
    this.#chunks = []
    this.bytes = 0
  }

  #endsWith(mark: Buffer): boolean {
    if (this.bytes < mark.length) return false
    let tail = this.#chunks.at(-1) ?? Buffer.alloc(0)
    if (tail.length < mark.length) {
      tail = Buffer.concat(this.#chunks)
      this.#chunks = [tail]
    }
    return tail.subarray(-mark.length).equals(mark)
  }
}

/** Whether an output is the page of one file, and nothing else: no page may be taken for that of another client. */
export const isPageOf = (path: string, output: Buffer): boolean =>
  output.indexOf(pageEnd) === output.length - pageEnd.length && output.includes(`image "${path}"`)
