import { integer, oneOf, text } from '../../platform/settings.ts'

/** Who may call the gateway, and how much. */
export const accessSettings = {
  access: oneOf({
    name: 'OCR_ACCESS',
    help: '`keys` lets in who has a key of `OCR_KEYS_FILE`, `open` everybody',
    fallback: 'keys',
    values: ['keys', 'open'],
  }),
  keysFile: text({
    name: 'OCR_KEYS_FILE',
    help: 'File with a line `NAME SHA256-HEX` per key; a change is seen while it runs',
    fallback: '/etc/ocr/keys',
    pattern: /^\S+$/,
    range: 'a path without spaces',
  }),
  callerRate: integer({
    name: 'OCR_CALLER_RATE',
    help: 'Requests of a caller within a minute, counted in each pod; 0 sets no limit',
    fallback: 0,
    min: 0,
    max: 1_000_000,
  }),
  callerConcurrency: integer({
    name: 'OCR_CALLER_CONCURRENCY',
    help: 'Requests of a caller at once, counted in each pod; 0 sets no limit',
    fallback: 0,
    min: 0,
    max: 10_000,
  }),
  trustedProxies: integer({
    name: 'OCR_TRUSTED_PROXIES',
    help: 'Proxies in front of an open gateway that add to `X-Forwarded-For`; 0 ignores the header',
    fallback: 0,
    min: 0,
    max: 10,
  }),
}
