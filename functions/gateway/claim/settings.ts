import { integer, oneOf, text, type Values } from '../../platform/settings.ts'

/** Where documents are fetched from that come as a reference. */
export const claimSettings = {
  dataRefOrigins: text({
    name: 'OCR_DATAREF_ORIGINS',
    help: 'Where documents of a `dataref` may be fetched: origins and buckets, with commas between them; none if empty',
    fallback: '',
    pattern: /^[\x21-\x7E]+$/,
    range: 'such as https://files.example.org,http://minio.ns.svc:9000,s3://bucket',
  }),
  dataRefPrivateNetworks: text({
    name: 'OCR_DATAREF_PRIVATE_NETWORKS',
    help: 'Networks of addresses that are not public to which hosts of `OCR_DATAREF_ORIGINS` may lead, with commas between them; none if empty',
    fallback: '',
    pattern: /^[\dA-Fa-f.:/,]+$/,
    range: 'such as 10.96.0.0/12,fd00::/8',
  }),
  dataRefTimeoutMs: integer({
    name: 'OCR_DATAREF_TIMEOUT_MS',
    help: 'Time to fetch a document, from the name of its host to its last byte',
    fallback: 30_000,
    min: 100,
    max: 600_000,
  }),
  s3PathStyle: oneOf({
    name: 'OCR_S3_PATH_STYLE',
    help: 'Whether a bucket is named in the path of a URL, as MinIO and others have it, and not in the host; the `AWS_` variables tell the rest of S3',
    fallback: 'no',
    values: ['yes', 'no'],
  }),
}

export type ClaimSettings = Values<typeof claimSettings>
