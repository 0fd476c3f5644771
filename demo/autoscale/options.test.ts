import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { profiles } from './load/profile.ts'
import { flags, parseOptions, UsageError, usage } from './options.ts'

const parse = (...args: string[]) => parseOptions(args, {})

describe('the options', () => {
  it('are what npm start serves, if nothing is said', () => {
    const { url, headers, profile, out } = parse()
    assert.equal(url.href, 'http://127.0.0.1:8001/v1/ocr?detail=text')
    assert.deepEqual(headers, { 'content-type': 'application/octet-stream' })
    assert.deepEqual(profile, profiles.default)
    assert.equal(out, '.cache/autoscaling.svg')
  })

  it('take URL and key of the environment, unless the command line has them', () => {
    const environment = { OCR_URL: 'https://ocr.example.org', OCR_KEY: 'of-environment' }
    const { url, headers } = parseOptions([], environment)
    assert.equal(url.host, 'ocr.example.org')
    assert.equal(headers['authorization'], 'Bearer of-environment')
    const other = parseOptions(['--key', 'other', '--url', 'http://a'], environment)
    assert.deepEqual([other.headers['authorization'], other.url.host], ['Bearer other', 'a'])
  })

  it('leave a route as it is', () => {
    assert.equal(parse('--url', 'http://a/b?c=d').url.href, 'http://a/b?c=d')
    assert.equal(parse('--url', 'http://a/?c=d').url.href, 'http://a/?c=d')
  })

  it('take a Host for an ingress that is called by its address', () => {
    assert.equal(parse('--host', 'ocr.example.org').headers['host'], 'ocr.example.org')
  })

  it('change a profile in parts', () => {
    const { profile } = parse('--profile', 'short', '--rate', '7.5', '--idle', '1')
    assert.deepEqual(profile, { ...profiles.short, rate: 7.5, idle: 1 })
  })

  for (const args of [
    ['--unknown'],
    ['stray'],
    ['--profile', 'toString'],
    ['--url', 'ocr.example.org'],
    ['--url', 'ftp://ocr.example.org'],
    ['--rate', '0'],
    ['--rate', 'many'],
    ['--rate', ''],
    ['--rate', '1001'],
    ['--idle', '0'],
    ['--burst', '3601'],
    ['--burst', '3600', '--rate', '20'],
    ['--under-way', '1001'],
    ['--timeout', '-1'],
    ['--namespace', '../nodes'],
    ['--out', 'picture.png'],
  ]) {
    it(`are refused: ${args.join(' ')}`, () => assert.throws(() => parse(...args), UsageError))
  }

  it('are taken at their limits', () => {
    assert.equal(parse('--burst', '3600', '--ramp', '1', '--rate', '13').profile.burst, 3_600)
    assert.equal(parse('--rate', '1000', '--burst', '1', '--ramp', '1').profile.rate, 1_000)
    assert.equal(parse('--under-way', '1000').mostUnderWay, 1_000)
  })

  it('are all told in the usage, within 120 columns', () => {
    const told = [...usage.matchAll(/^ {2}--([\w-]+)/gm)].map(([, name]) => name)
    assert.deepEqual(told.toSorted(), Object.keys(flags).toSorted())
    assert.ok(usage.split('\n').every((line) => line.length <= 120))
  })
})
