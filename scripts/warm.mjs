import { spawn } from 'node:child_process'
import { once } from 'node:events'

// Starts the service of a bundle, node scripts/warm.mjs FOLDER MESSAGE, until it logs a message, and stops it. Node
// writes its compile cache then; and an image whose service does not start fails to build.

const [folder = '', message = ''] = process.argv.slice(2)
const service = spawn(process.execPath, [`${folder}/main.js`], {
  env: { ...process.env, HOST: '127.0.0.1', PORT: '0', OCR_ACCESS: 'open' },
  stdio: ['ignore', 'pipe', 'inherit'],
})
const wanted = `"msg":"${message}"`
let log = ''
service.stdout.on('data', (data) => {
  const wasThere = log.includes(wanted)
  log += data
  // A second signal would end it at once.
  if (!wasThere && log.includes(wanted)) service.kill('SIGTERM')
})
const [code, signal] = await once(service, 'close')
process.stdout.write(log)
process.exit(signal ? 1 : code)
