import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseOrigins } from './origins.ts'

describe('the origins that are allowed', () => {
  const list =
    'https://Files.example.org/,http://minio.ns.svc:9000,s3://my.bucket,https://bücher.example'
  const origins = parseOrigins(list)

  for (const url of [
    'https://files.example.org/a',
    'https://files.example.org:443/a',
    'HTTPS://FILES.EXAMPLE.ORG',
    'http://minio.ns.svc:9000/a?b',
    's3://my.bucket/a',
    'https://xn--bcher-kva.example/',
  ]) {
    it(`have ${url}`, () => origins.require(new URL(url)))
  }

  for (const url of [
    'http://files.example.org/a',
    'https://files.example.org:8443/',
    'https://files.example.org./',
    'https://a.files.example.org/',
    'https://files.example.org.evil.example/',
    'http://minio.ns.svc/',
    's3://My.Bucket/a',
    's3://my.bucket:80/a',
    's3://my/a',
    'https://my.bucket/a',
    'ftp://files.example.org/',
  ]) {
    it(`have no ${url}`, () => {
      assert.throws(() => origins.require(new URL(url)), { kind: 'reference_refused' })
    })
  }

  for (const entry of [
    'files.example.org',
    'https://files.example.org/path',
    'https://files.example.org?query',
    'https://user@files.example.org',
    'https://*.example.org',
    'https://',
    'ftp://files.example.org',
    's3://bucket/prefix',
    's3://bucket:80',
    's3://',
    's3://*',
    '*',
    '',
  ]) {
    it(`are not told by "${entry}"`, () => {
      const start = `OCR_DATAREF_ORIGINS has "${entry}", which is no origin`
      assert.throws(
        () => parseOrigins(`s3://documents,${entry}`),
        (error) => {
          return error instanceof Error && error.message.startsWith(start)
        },
      )
    })
  }
})
