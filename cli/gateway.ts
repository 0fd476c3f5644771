import { createOcrClient, type OcrClient } from './client.ts'
import { UsageError } from './command/exit-codes.ts'

/** The gateway that a command asks, and what is told of it when that fails. */
export interface Gateway {
  readonly client: OcrClient
  readonly url: string
  readonly hasKey: boolean
}

/**
 * The key comes from the environment and is no argument, since everybody on a machine can see those.
 * @throws UsageError for a URL or a key that cannot be one
 */
export function gatewayAt(url: string, key: string | undefined): Gateway {
  try {
    return { client: createOcrClient({ url, key }), url, hasKey: key !== undefined }
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message)
    throw error
  }
}
