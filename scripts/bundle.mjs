import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { buildPage } from './build-page.mjs'

// Makes the folder that an image runs, node scripts/bundle.mjs SERVICE FOLDER: the sources, the packages that cannot be
// in them, and the web page of the gateway.

/** Packages with native code. */
const external = ['sharp']
/** Files of packages that a service sends as they are. */
const served = {
  'swagger-ui-dist': [
    'package.json',
    'swagger-ui-bundle.js',
    'swagger-ui.css',
    'LICENSE',
    'NOTICE',
  ],
}

const [service = '', folder = ''] = process.argv.slice(2)
const main = `functions/${service}/main.ts`
if (!existsSync(main) || folder === '') {
  throw new Error('Usage: node scripts/bundle.mjs gateway|model FOLDER')
}

rmSync(folder, { recursive: true, force: true })
const { metafile } = await build({
  entryPoints: { main },
  outdir: folder,
  bundle: true,
  // What is imported when it is needed, such as the client of S3, is not read at the start.
  splitting: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  external,
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  metafile: true,
  // For the CommonJS packages among them.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
})
if (service === 'gateway') await buildPage(join(folder, 'web'))
writeFileSync(join(folder, 'package.json'), '{"type":"module"}\n')

const imports = Object.values(metafile.outputs).flatMap(({ imports }) => imports)
const sources = Object.keys(metafile.inputs).filter((name) => name.startsWith('functions/'))
for (const [name, files] of Object.entries(served)) {
  if (!sources.some((source) => readFileSync(source, 'utf8').includes(name))) continue
  for (const file of files) {
    cpSync(join('node_modules', name, file), join(folder, 'node_modules', name, file))
  }
}
for (const name of external) if (imports.some(({ path }) => path === name)) copyPackage(name)

/**
 * Copies a package with its dependencies, as far as they are installed: optional ones are only those of this
 * platform.
 * @param {string} name
 */
function copyPackage(name) {
  const source = join('node_modules', name)
  const target = join(folder, source)
  if (!existsSync(source) || existsSync(target)) return
  cpSync(source, target, { recursive: true })
  const { dependencies, optionalDependencies } = JSON.parse(
    readFileSync(join(source, 'package.json'), 'utf8'),
  )
  for (const dependency of Object.keys({ ...dependencies, ...optionalDependencies })) {
    copyPackage(dependency)
  }
}
