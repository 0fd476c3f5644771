/** A file as it is sent; a stream is sent once, so that a call with one is not made again. */
export type OcrFile = Uint8Array | ArrayBuffer | Blob | ReadableStream<Uint8Array>

export interface Question {
  readonly path: string
  readonly query?: Readonly<Record<string, unknown>>
  readonly file?: OcrFile
}

interface Requests {
  /** Of the gateway, for people. */
  readonly origin: string
  urlOf(question: Question): URL
  initOf(question: Question): RequestInit
}

/** @throws TypeError for a URL or a key that cannot be one */
export function createRequests({
  url,
  key,
}: {
  url: string | URL
  key?: string | undefined
}): Requests {
  const base = baseOf(url)
  const headers = headersOf(key)
  return {
    origin: base.origin,
    urlOf: (question) => urlOf(base, question),
    // A POST that follows a redirect may arrive as a GET, without its file.
    initOf: (question) => ({ ...initOf(headers, question), redirect: 'manual' }),
  }
}

/** The URL of a gateway, which may be below a path. */
function baseOf(url: string | URL): URL {
  const text = String(url)
  if (!/^https?:/i.test(text) || !URL.canParse(text)) {
    // What stands before an "@" may be a password.
    const shown = text.replace(/.*@/s, '…@')
    throw new TypeError(`The URL must be like https://ocr.example.com, but is "${shown}".`)
  }
  const base = new URL(text)
  if (base.username || base.password) throw new TypeError('The URL must not hold a password.')
  if (!base.pathname.endsWith('/')) base.pathname += '/'
  return base
}

/**
 * For callers without types; what is no file would be sent as something else, or not at all.
 * @throws TypeError
 */
export function requireFile(question: Question): void {
  if (!('file' in question)) return
  const file: unknown = question.file
  const isBytes = ArrayBuffer.isView(file) || file instanceof ArrayBuffer
  if (isBytes || file instanceof Blob || file instanceof ReadableStream) return
  throw new TypeError('file must be bytes, a Blob or a stream')
}

/** Checked here, since the error of `Headers` would tell the key. */
function headersOf(key: string | undefined): Headers {
  if (key === undefined) return new Headers()
  if (!/^[!-~]+$/.test(key)) throw new TypeError('The key has characters that no key can have.')
  return new Headers({ authorization: `Bearer ${key}` })
}

function urlOf(base: URL, { path, query = {} }: Question): URL {
  const url = new URL(path, base)
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value))
  }
  return url
}

function initOf(keyHeaders: Headers, { file }: Question): RequestInit {
  const headers = new Headers(keyHeaders)
  if (file === undefined) return { headers }
  const type = file instanceof Blob ? file.type : ''
  headers.set('content-type', type || 'application/octet-stream')
  // Of types only: fetch also takes bytes in shared memory.
  const body = file as NonNullable<RequestInit['body']>
  const isStream = file instanceof ReadableStream
  return { method: 'POST', headers, body, ...(isStream && { duplex: 'half' }) }
}
