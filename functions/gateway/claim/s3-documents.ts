import { addAbortSignal, Readable } from 'node:stream'
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3'
import { OcrError } from '../../contract/errors.ts'
import { type ArrivingDocument, type DocumentSource, discard } from './document-source.ts'
import { encodingFailure, refused, unavailable } from './failures.ts'
import { objectKey } from './reference.ts'

export interface S3DocumentsOptions {
  /** The bucket is named in the path and not in the host. */
  readonly pathStyle: boolean
  /** What is not to be taken from the environment. */
  readonly config?: S3ClientConfig | undefined
}

/** For stores that have no regions, and whose operators set none. */
const usualRegion = 'us-east-1'

/** What another attempt will not change, by the codes of S3. */
const permanentCodes: ReadonlySet<string> = new Set([
  'AccessDenied',
  'InvalidBucketName',
  'InvalidObjectState',
  'KeyTooLongError',
  'NoSuchBucket',
  'NoSuchKey',
])

/**
 * Documents of `s3://bucket/key` URLs. The SDK finds endpoint, region and credentials in the environment by itself. It
 * is the operator who names the endpoint, and so its address is not checked.
 */
export async function createS3Documents(options: S3DocumentsOptions): Promise<DocumentSource> {
  const client = await createClient(options)
  return {
    async open(url, signal) {
      const command = new GetObjectCommand({ Bucket: url.host, Key: objectKey(url) })
      try {
        return arriving(await client.send(command, { abortSignal: signal }), signal)
      } catch (error) {
        throw s3Failure(error)
      }
    },
    close: async () => client.destroy(),
  }
}

async function createClient({ pathStyle, config }: S3DocumentsOptions): Promise<S3Client> {
  const common = { forcePathStyle: pathStyle, maxAttempts: 2, ...config }
  const client = new S3Client(common)
  if (await hasRegion(client)) return client
  client.destroy()
  return new S3Client({ ...common, region: usualRegion })
}

const hasRegion = ({ config }: S3Client): Promise<boolean> =>
  config.region().then(
    () => true,
    () => false,
  )

function arriving(answer: GetObjectCommandOutput, signal: AbortSignal): ArrivingDocument {
  const { Body: body, ContentLength: announcedBytes, ContentEncoding } = answer
  if (!(body instanceof Readable)) throw new Error('The object has no body')
  const failure = signal.aborted ? signal.reason : encodingFailure(ContentEncoding)
  // The SDK does not promise that its signal reaches further than the headers.
  if (!failure) return { announcedBytes, body: addAbortSignal(signal, body) }
  discard(body)
  throw failure
}

function s3Failure(error: unknown): unknown {
  if (error instanceof OcrError || !(error instanceof Error)) return error
  if (permanentCodes.has(error.name)) {
    const message =
      'The object of the dataref does not exist, or the service may not read it; check bucket, key and permissions.'
    return refused(message, error)
  }
  return unavailable('The store of the dataref does not give the object now.', error)
}
