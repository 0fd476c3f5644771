import { createHash, randomBytes } from 'node:crypto'

// Makes a key for a caller: npm run -s key -- NAME >> keys. The line for the file goes to standard output, the key
// itself, which is kept nowhere, to standard error.

const [name = ''] = process.argv.slice(2)
if (/^[\w.-]{1,64}$/.test(name)) {
  const key = `ocr_${randomBytes(32).toString('base64url')}`
  const sha256 = createHash('sha256').update(key).digest('hex')
  process.stdout.write(`${name} ${sha256}\n`)
  process.stderr.write(`The key of ${name}, shown only now:\n${key}\n`)
} else {
  process.stderr.write(
    'Usage: npm run -s key -- NAME >> keys\nA name has up to 64 letters, digits, ".", "_" and "-".\n',
  )
  process.exitCode = 1
}
