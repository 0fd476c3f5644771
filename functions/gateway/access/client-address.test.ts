import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { clientAddress } from './client-address.ts'

const addressOf = (address: string, forwarded?: string, trustedProxies = 0): string =>
  clientAddress({ address, header: () => forwarded }, trustedProxies)

describe('clientAddress', () => {
  for (const [address, expected] of [
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:cb00:7107', '203.0.113.7'],
    ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
    ['::1', '0:0:0:0::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:DB8:0:0:ffff:ffff:ffff:ffff', '2001:db8:0:0::/64'],
    ['2001:0db8:0000:0001::', '2001:db8:0:1::/64'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', 'unknown'],
    ['/run/gateway.sock', 'unknown'],
  ] as const) {
    it(`is ${expected} for "${address}"`, () => assert.equal(addressOf(address), expected))
  }

  it('ignores X-Forwarded-For unless there are proxies', () => {
    assert.equal(addressOf('10.0.0.1', '203.0.113.7'), '10.0.0.1')
    assert.equal(addressOf('10.0.0.1', '203.0.113.7', 1), '203.0.113.7')
  })

  it('believes the entry that the outermost trusted proxy wrote', () => {
    const forwarded = '192.0.2.1, 203.0.113.7,10.0.0.2'
    assert.equal(addressOf('10.0.0.1', forwarded, 1), '10.0.0.2')
    assert.equal(addressOf('10.0.0.1', forwarded, 2), '203.0.113.7')
  })

  for (const [forwarded, expected] of [
    ['203.0.113.7:51234', '203.0.113.7'],
    ['[2001:db8::1]:443', '2001:db8:0:0::/64'],
    ['[2001:db8::1]', '2001:db8:0:0::/64'],
  ] as const) {
    it(`reads ${forwarded} without what is no address`, () => {
      assert.equal(addressOf('10.0.0.1', forwarded, 1), expected)
    })
  }

  for (const forwarded of [
    undefined,
    '',
    'unknown',
    '203.0.113.7:port',
    '[203.0.113.7',
    '203.0.113.7, ',
    '999.1.1.1',
  ]) {
    it(`falls back to the socket when the entry is no address: ${forwarded}`, () => {
      assert.equal(addressOf('10.0.0.1', forwarded, 1), '10.0.0.1')
    })
  }

  it('falls back to the socket when there are fewer entries than proxies', () => {
    assert.equal(addressOf('10.0.0.1', '203.0.113.7', 2), '10.0.0.1')
  })
})
