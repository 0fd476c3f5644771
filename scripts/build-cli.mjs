import { chmodSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { root, run } from './setup.mjs'

// Makes what the npm package holds, in dist/: the command line and the client as one file of JavaScript each, which
// need no other package and no newer Node than package.json says, and the types of the client.

const dist = join(root, 'dist')
const program = join(dist, 'ocr.js')

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'eof',
  logLevel: 'warning',
}

rmSync(dist, { recursive: true, force: true })
await build({
  ...common,
  entryPoints: ['cli/main.ts'],
  outfile: program,
  platform: 'node',
  // For the CommonJS packages among them.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
})
chmodSync(program, 0o755)
// "neutral" refuses every module of Node: the client is for browsers as well.
await build({
  ...common,
  entryPoints: ['cli/client.ts'],
  outfile: join(dist, 'client.js'),
  platform: 'neutral',
})
run('tsc', ['--project', 'cli/tsconfig.types.json'])
