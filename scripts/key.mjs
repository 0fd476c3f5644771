import { createHash, randomBytes } from 'node:crypto'

// Makes a key for a caller: npm run -s key -- NAME >> keys. The line for the file goes to standard output, the key
// itself, which is kept nowhere, to standard error.

const [name = ''] = process.argv.slice(2)
// One that begins like a flag is more likely meant as one.
if (/^\w[\w.-]{0,63}$/.test(name)) {
  const key = `ocr_${randomBytes(32).toString('base64url')}`
  const sha256 = createHash('sha256').update(key).digest('hex')
  process.stdout.write(`${name} ${sha256}\n`)
  process.stderr.write(`The key of ${name}, shown only now:\n${key}\n`)
} else {
  process.stderr.write(
    `Usage: npm run -s key -- NAME >> keys
A name has up to 64 letters, digits, ".", "_" and "-", and begins with one of the first two or "_".\n`,
  )
  process.exitCode = /^(?:-h|--help)$/.test(name) ? 0 : 1
}
