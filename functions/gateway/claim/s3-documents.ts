import { addAbortSignal, Readable } from 'node:stream'
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  S3Client,
  type S3ClientConfig,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { OcrError } from '../../contract/errors.ts'
import { type ArrivingDocument, type DocumentSource, discard } from './document-source.ts'
import { encodingFailure, passingStatuses, refused, unavailable } from './failures.ts'
import { objectKey } from './reference.ts'

export interface S3DocumentsOptions {
  /** The bucket is named in the path and not in the host. */
  readonly pathStyle: boolean
  /** What is not to be taken from the environment. */
  readonly config?: S3ClientConfig | undefined
}

/** For stores that have no regions, and whose operators set none. */
const usualRegion = 'us-east-1'

/** Codes of S3 with a status of 4xx that an operator mends, or that pass: the document is not to blame. */
const passingCodes: ReadonlySet<string> = new Set([
  'AuthorizationHeaderMalformed',
  'ExpiredToken',
  'InvalidAccessKeyId',
  'InvalidToken',
  'OperationAborted',
  'RequestTimeout',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
  'SlowDown',
  'TooManyRequestsException',
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

function isPermanent(error: Error): boolean {
  if (!(error instanceof S3ServiceException) || passingCodes.has(error.name)) return false
  const { httpStatusCode: status = 500 } = error.$metadata
  return status < 500 && !passingStatuses.has(status)
}

function s3Failure(error: unknown): unknown {
  if (error instanceof OcrError || !(error instanceof Error)) return error
  if (isPermanent(error)) {
    const message =
      'The object of the dataref does not exist, or the service may not read it; check bucket, key and permissions.'
    return refused(message, error)
  }
  return unavailable('The store of the dataref does not give the object now.', error)
}
