import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { extname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build } from 'esbuild'

// Makes the web page of the gateway, node scripts/build-page.mjs FOLDER: one script, one style sheet and an icon, whose
// names hold their hashes, the page that names them, and the samples. Text is there compressed as well.

const root = join(import.meta.dirname, '..')
const source = join(root, 'functions/gateway/page')
const samples = ['invoice.png', 'letter.pdf', 'receipt.jpg']

/**
 * @param {string} folder is emptied
 * @returns {Promise<Array<{ name: string, bytes: number, compressed: number }>>} the page's own files
 */
export async function buildPage(folder) {
  const { outputFiles } = await build({
    entryPoints: { main: join(source, 'main.ts'), page: join(source, 'page.css') },
    outdir: folder,
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    // Browsers since 2024.
    target: ['es2024', 'chrome123', 'firefox128', 'safari17.5'],
    charset: 'utf8',
    legalComments: 'none',
  })
  const parts = [
    ...outputFiles.map(({ path, contents }) => ({ name: path.replace(/^.*[\\/]/, ''), contents })),
    { name: 'icon.svg', contents: readFileSync(join(source, 'icon.svg')) },
  ]
  const hashed = new Map(parts.map((part) => [part.name, { ...part, name: hashedName(part) }]))
  const html = readFileSync(join(source, 'page.html'), 'utf8')
    .replace(/\{\{([\w.]+)\}\}/g, (_, name) => `page/${hashed.get(name)?.name ?? missing(name)}`)
    // Between elements on several lines no white space is shown that matters.
    .replace(/>\n\s*</g, '>\n<')

  rmSync(folder, { recursive: true, force: true })
  mkdirSync(join(folder, 'page'), { recursive: true })
  for (const sample of samples) {
    cpSync(join(root, 'examples', sample), join(folder, 'page/samples', sample))
  }
  const files = [
    { name: 'index.html', contents: Buffer.from(html) },
    ...[...hashed.values()].map(({ name, contents }) => ({ name: `page/${name}`, contents })),
  ]
  return files.map(({ name, contents }) => {
    writeFileSync(join(folder, name), contents)
    const brotli = brotliCompressSync(contents, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })
    writeFileSync(join(folder, `${name}.br`), brotli)
    writeFileSync(join(folder, `${name}.gz`), gzipSync(contents, { level: 9 }))
    return { name, bytes: contents.length, compressed: brotli.length }
  })
}

/** @param {{ name: string, contents: Uint8Array }} part */
function hashedName({ name, contents }) {
  const hash = createHash('sha256').update(contents).digest('hex').slice(0, 12)
  const extension = extname(name)
  return `${name.slice(0, -extension.length)}-${hash}${extension}`
}

/**
 * @param {string} name
 * @returns {never}
 */
function missing(name) {
  throw new Error(`page.html names ${name}, which is not built.`)
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [folder] = process.argv.slice(2)
  if (!folder) throw new Error('Usage: node scripts/build-page.mjs FOLDER')
  await buildPage(folder)
}
