import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseAllowed } from './addresses.ts'

describe('the addresses that may be connected to', () => {
  const isAllowed = parseAllowed('')

  for (const address of [
    ...['8.8.8.8', '1.1.1.1', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0'],
    ...['172.15.255.255', '172.32.0.0', '192.167.255.255', '192.169.0.0', '223.255.255.255'],
    ...[
      '2606:4700::1111',
      '2a00:1450::1',
      '2001:200::1',
      '2003::1',
      '2000::1',
      '3ffe::1',
      '3fff:1000::1',
    ],
  ]) {
    it(`have ${address}`, () => assert.ok(isAllowed(address)))
  }

  for (const address of [
    ...['0.0.0.0', '10.0.0.0', '10.255.255.255', '100.64.0.0', '100.127.255.255', '127.0.0.1'],
    ...['127.255.255.255', '169.254.169.254', '172.16.0.0', '172.31.255.255', '192.0.0.8'],
    ...[
      '192.0.2.255',
      '192.88.99.255',
      '192.168.0.0',
      '192.168.255.255',
      '198.18.0.0',
      '198.51.100.255',
    ],
    ...['198.19.255.255', '203.0.113.255', '224.0.0.1', '239.255.255.255', '240.0.0.0'],
    ...['255.255.255.255', '::', '::1', '::127.0.0.1', '::ffff:10.0.0.1', '::ffff:8.8.8.8'],
    ...['::ffff:0:8.8.8.8', '64:ff9b::8.8.8.8', '64:ff9b:1::1', '100::1', '1fff::1', '2001::1'],
    ...[
      '2001:1ff::1',
      '2001:db8:ffff::1',
      '2002:7f00:1::',
      '3fff::1',
      '3fff:fff::1',
      '4000::1',
      '5f00::1',
    ],
    ...['fc00::1', 'fd00::1', 'fe80::1', 'fe80::1%lo', 'fec0::1', 'ff02::1'],
    ...['localhost', '2130706433', ''],
  ]) {
    it(`have no ${address || 'empty one'}`, () => assert.ok(!isAllowed(address)))
  }

  it('have those of the networks that are allowed, to the first and last', () => {
    const isAllowed = parseAllowed('10.96.0.0/12,fd00:1::/32,192.168.1.1/32')
    for (const address of ['10.96.0.0', '10.111.255.255', 'fd00:1::', 'fd00:1:ffff::1']) {
      assert.ok(isAllowed(address), address)
    }
    for (const address of ['10.95.255.255', '10.112.0.0', 'fd00:2::', '192.168.1.2', '::1']) {
      assert.ok(!isAllowed(address), address)
    }
    assert.ok(isAllowed('192.168.1.1'))
    assert.ok(isAllowed('8.8.8.8'))
  })

  it('have no IPv6 form of an IPv4 address that is allowed', () => {
    const isAllowed = parseAllowed('127.0.0.0/8')
    assert.ok(isAllowed('127.0.0.1'))
    assert.ok(!isAllowed('::ffff:127.0.0.1'))
  })

  for (const network of [
    '10.0.0.0',
    '10.0.0.0/33',
    'fd00::/129',
    '10.0.0/8',
    '/8',
    'fd00::/',
    '',
  ]) {
    it(`are not told by "${network}"`, () => {
      const message = `OCR_DATAREF_PRIVATE_NETWORKS has "${network}", which is no network`
      assert.throws(
        () => parseAllowed(`10.0.0.0/8,${network}`),
        (error) => {
          return error instanceof Error && error.message.startsWith(message)
        },
      )
    })
  }
})
